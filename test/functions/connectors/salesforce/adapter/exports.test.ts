import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordKind } from '../../../../../shared/domain/index.ts';
import { type Connected, connected, note } from '../world.ts';

let world: Connected;
beforeEach(async () => {
  world = await connected();
  world.sandbox.settings({ bulkDelayMs: 0 });
});
afterEach(() => world.sandbox.close());

const exports = () => world.integration.exports!;
const fault = (path: string, effect: 'login-page' | 'repeat' | 'fail') =>
  world.sandbox.faults.add({ on: 'call', path, effect, times: 9 });

async function all(kind: RecordKind) {
  const name = await exports().begin(kind);
  return (await exports().page(name, kind, { rows: 1_000 })).observations;
}

describe('Salesforce exports', () => {
  it('tell two cases apart whose ids differ by letter case alone', async () => {
    for (let made = 0; made < 80; made += 1) world.sandbox.human.createCase({ subject: `case ${made}` });

    const ids = (await all('ticket')).map(({ externalId }) => externalId);

    const short = ids.map((id) => id.slice(0, 15));
    expect(new Set(short.map((id) => id.toLowerCase())).size).toBeLessThan(short.length);
    expect(new Set(ids).size).toBe(80);
  });

  it('name the record behind each of the hub’s own comments, however many there are', async () => {
    const { id } = world.sandbox.human.createCase({ subject: 'long' });
    const records = Array.from({ length: 230 }, (_, at) => `root.child${at}`);
    for (const record of records) await world.integration.write!(note(id, record, 'public', record as never));
    world.sandbox.human.comment(id, 'of an agent');

    const comments = await all('comment');

    expect(comments.flatMap(({ marker }) => marker ?? []).sort()).toEqual([...records].sort());
    expect(comments).toHaveLength(231);
  });

  it('find the files of cases whatever the hub’s user may list, each once however many cases it is on', async () => {
    const { human } = world.sandbox;
    world.sandbox.settings({ mayQueryAllFiles: false });
    const [first, second] = ['a', 'b'].map((subject) => human.createCase({ subject }).id);
    const { documentId } = await human.attach(first!, { name: 'shared.txt', content: 'on both' });
    human.create('ContentDocumentLink', {
      ContentDocumentId: documentId,
      LinkedEntityId: second,
      ShareType: 'V',
      Visibility: 'AllUsers',
    });
    await human.attach(second!, { name: 'own.txt', content: 'on one' });
    const gone = await human.attach(second!, { name: 'gone.txt', content: 'on none' });
    human.remove(gone.documentId);

    const found = await all('attachment');

    expect(found.map(({ fields, parent }) => [fields.name, parent?.externalId])).toEqual([
      ['shared.txt', first],
      ['own.txt', second],
    ]);
  });

  it('find a case’s files in parts, and say how many cases a page stands for', async () => {
    const { human } = world.sandbox;
    const [many, few] = ['many', 'few'].map((subject) => human.createCase({ subject }).id);
    for (let at = 0; at < 210; at += 1) await human.attach(many!, { name: `${at}.txt`, content: 'x' });
    await human.attach(few!, { name: 'last.txt', content: 'x' });
    const name = await exports().begin('attachment');
    const page = (at?: string) =>
      exports().page(name, 'attachment', { rows: 1, ...(at === undefined ? {} : { at }) });

    const one = await page();
    const two = await page(one.next);
    const three = await page(two.next);

    const told = [one, two, three].map(({ observations, stands }) => [observations.length, stands]);
    expect(told).toEqual([
      [200, 0],
      [10, 1],
      [1, 1],
    ]);
    expect(three.next).toBeUndefined();
    const ids = [one, two, three].flatMap(({ observations }) => observations.map((each) => each.externalId));
    expect(new Set(ids).size).toBe(211);
  });

  it('find only the files that have changed since, and are discarded by their job', async () => {
    const { human } = world.sandbox;
    const { id } = human.createCase({ subject: 'old' });
    await human.attach(id, { name: 'old.txt', content: 'x' });
    world.clock.nowMs += 60_000;
    await human.attach(id, { name: 'new.txt', content: 'x' });

    const name = await exports().begin('attachment', world.clock.nowMs - 30_000);
    const { observations } = await exports().page(name, 'attachment', { rows: 9 });

    expect(observations.map(({ fields }) => fields.name)).toEqual(['new.txt']);
    await exports().discard(name);
    expect(await exports().state(name)).toEqual({ state: 'gone' });
  });

  it('end at a page that leads back to itself', async () => {
    for (const subject of ['a', 'b', 'c']) world.sandbox.human.createCase({ subject });
    const name = await exports().begin('ticket');
    fault('/results', 'repeat');
    const { next } = await exports().page(name, 'ticket', { rows: 1 });

    const again = exports().page(name, 'ticket', { rows: 1, at: next! });

    await expect(again).rejects.toMatchObject({
      code: 'provider_rejected',
      vendorCode: 'repeating_results',
    });
  });

  it.each([
    ['asked for', '/jobs/query', (name: string) => exports().begin(name as RecordKind)],
    ['looked at', '/jobs/query/', (name: string) => exports().state(name)],
    ['read', '/results', (name: string) => exports().page(name, 'ticket', { rows: 9 })],
  ])('take no page for people for an answer, when they are %s', async (deed, path, ask) => {
    const name = await exports().begin('ticket');
    fault(path, 'login-page');

    const asked = ask(deed === 'asked for' ? 'ticket' : name);

    await expect(asked).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('are not taken for discarded because of a page for people', async () => {
    const name = await exports().begin('ticket');
    world.sandbox.faults.add({ on: 'call', method: 'DELETE', effect: 'login-page' });

    await expect(exports().discard(name)).rejects.toMatchObject({ code: 'provider_unavailable' });
  });

  it('are told to come back when the org’s day is used up', async () => {
    world.sandbox.settings({ maxQueryJobs: 0 });

    await expect(exports().begin('ticket')).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('tell of a job somebody aborted in the org', async () => {
    world.sandbox.settings({ bulkDelayMs: 60_000 });
    const name = await exports().begin('ticket');
    await fetch(`${world.sandbox.url}/services/data/v67.0/jobs/query/${name}`, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${world.grant.accessToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ state: 'Aborted' }),
    });

    expect(await exports().state(name)).toMatchObject({ state: 'failed' });
  });
});
