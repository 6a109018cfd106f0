import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Cursor } from '../../../../../shared/ports/index.ts';
import { type Connected, connected, START } from '../world.ts';

let world: Connected;
let caseId: string;
beforeEach(async () => {
  world = await connected();
  caseId = world.sandbox.human.createCase({ subject: 'a case' }).id;
});
afterEach(() => world.sandbox.close());

const since: Cursor = { stamp: new Date(START - 60_000).toISOString(), id: '' };
async function pulled() {
  const observations = [];
  let pages = 0;
  for await (const page of world.integration.pull!('attachment', since)) {
    observations.push(...page.observations);
    pages += 1;
  }
  return { observations, pages };
}
const attach = (name: string, more: object = {}) =>
  world.sandbox.human.attach(caseId, { name, content: 'a', ...more });

it('a pull lists the files of cases, with whom they are for, deleted ones too, and nothing else', async () => {
  const shown = await attach('shown.pdf', { visibility: 'AllUsers' });
  const kept = await attach('kept');
  const gone = await attach('gone.txt');
  const loose = await attach('loose.txt');
  world.sandbox.human.remove(loose.linkId!);
  world.sandbox.human.remove(gone.documentId);

  const { observations } = await pulled();

  expect(observations).toMatchObject([
    {
      externalId: shown.documentId,
      visibility: 'public',
      parent: { kind: 'ticket', externalId: caseId },
      fields: { name: 'shown.pdf', type: 'application/pdf', size: 1 },
      version: { source: 'systemmodstamp' },
    },
    {
      externalId: kept.documentId,
      visibility: 'internal',
      fields: { name: 'kept', type: 'application/octet-stream' },
    },
    { externalId: gone.documentId, life: 'deleted' },
  ]);
});

it('a file with a second version keeps the values of its first', async () => {
  const { documentId } = await attach('a.txt');
  await attach('better.txt', { on: documentId, content: 'longer' });

  expect((await pulled()).observations).toMatchObject([{ externalId: documentId, fields: { size: 1 } }]);
});

it('a file of several cases is the first one’s', async () => {
  const { documentId } = await attach('a.txt');
  const other = world.sandbox.human.createCase({ subject: 'another' }).id;
  world.sandbox.human.create('ContentDocumentLink', { ContentDocumentId: documentId, LinkedEntityId: other });

  expect((await pulled()).observations).toMatchObject([{ parent: { externalId: caseId } }]);
});

it('asks for links of a page in as many answers as they need', async () => {
  world.sandbox.settings({ maxPageRows: 200 });
  for (let at = 0; at < 210; at += 1) await attach(`${at}.txt`, { visibility: 'AllUsers' });

  const { observations, pages } = await pulled();

  expect([new Set(observations.map(({ externalId }) => externalId)).size, pages]).toEqual([210, 2]);
  expect(observations.every(({ visibility }) => visibility === 'public')).toBe(true);
});

it('without Query All Files lists the hub’s own alone', async () => {
  await attach('a.txt');
  const own = await attach('own.txt', { as: world.sandbox.hubUserId });
  world.sandbox.settings({ mayQueryAllFiles: false });

  expect((await pulled()).observations).toMatchObject([{ externalId: own.documentId }]);
});
