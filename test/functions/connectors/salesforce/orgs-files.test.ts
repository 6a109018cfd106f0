import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { manifest } from '../../../../functions/connectors/salesforce/manifest.ts';
import type { SalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { COMMENTS, caseInBoth, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const FILES =
  'SELECT Title, FileExtension, ContentSize, Checksum FROM ContentVersion WHERE IsDeleted = false';
const visibilities = (org: SalesforceSandbox, caseId: string) =>
  rows(
    org,
    `SELECT Visibility FROM ContentDocumentLink WHERE LinkedEntityId = '${caseId}' AND IsDeleted = false`,
  ).map(({ Visibility }) => Visibility);

describe('two orgs and the engine: a file', () => {
  it('of one org’s case stands on the other’s, the same bytes, for the same people, once', async () => {
    const { here, there } = await caseInBoth(hub);

    await hub.first.human.attach(here, { name: 'photo.png', content: 'a picture', visibility: 'AllUsers' });
    await hub.first.human.attach(here, { name: 'notes.txt', content: 'for the team' });
    await hub.settle();
    await hub.poll();
    await hub.settle();

    expect(rows(hub.second, FILES)).toEqual(rows(hub.first, FILES));
    expect(rows(hub.first, FILES)).toHaveLength(2);
    expect(visibilities(hub.second, there).sort()).toEqual(['AllUsers', 'InternalUsers']);
    expect(await hub.parked()).toEqual([]);
  });

  it('goes on without a new version, and is gone when its document is', async () => {
    const { here, there } = await caseInBoth(hub);
    const { documentId } = await hub.first.human.attach(here, { name: 'a.txt', content: 'one' });
    await hub.settle();
    await hub.first.human.attach(here, { name: 'a.txt', content: 'another', on: documentId });
    await hub.settle();
    await hub.poll();
    await hub.settle();
    expect(rows(hub.second, FILES)).toMatchObject([{ ContentSize: 3 }]);

    hub.first.human.remove(documentId);
    await hub.settle();

    expect(visibilities(hub.second, there)).toEqual([]);
    expect(hub.contents.keys()).toEqual([]);
  });

  it('stays in the other org, and its bytes here, where its connection ignores that it is deleted', async () => {
    const { here, there } = await caseInBoth(hub);
    const { version: _version, ...standard } = manifest.mapping!;
    const document = { ...standard, deletions: { attachment: 'ignore' } } as const;
    await hub.mappings.put({ ...hub.asked(hub.first), actor: 'user:ada', document, basedOn: 0 });
    const { documentId } = await hub.first.human.attach(here, { name: 'a.txt', content: 'one' });
    await hub.settle();

    hub.first.human.remove(documentId);
    await hub.settle();

    expect(visibilities(hub.second, there)).toHaveLength(1);
    expect(hub.contents.keys()).toHaveLength(1);
    expect(await hub.parked()).toEqual([]);
  });

  it.each([
    ['a lost answer to its upload', '/sobjects/ContentVersion', 'drop-after'],
    ['a lost answer to its link', '/composite', 'drop-after'],
    ['an upload that was cut off', '/sobjects/ContentVersion', 'drop-before'],
    ['an org that is busy', '/sobjects/ContentVersion', 'lock'],
  ] as const)('is brought once, whatever comes between: %s', async (_, path, effect) => {
    const { here, there } = await caseInBoth(hub);
    hub.second.faults.add({ on: 'call', method: 'POST', path, effect });

    await hub.first.human.attach(here, { name: 'a.txt', content: 'one' });
    await hub.settle();

    expect(rows(hub.second, FILES)).toHaveLength(1);
    expect(visibilities(hub.second, there)).toHaveLength(1);
    expect(await hub.parked()).toEqual([]);
  });

  it('is brought though its download was cut off, and is not half of itself', async () => {
    const { here } = await caseInBoth(hub);
    hub.first.faults.add({ on: 'call', path: 'VersionData', effect: 'cut' });

    await hub.first.human.attach(here, { name: 'a.zip', content: 2_000_000 });
    await hub.settle();

    expect(rows(hub.second, FILES)).toMatchObject([{ ContentSize: 2_000_000 }]);
  });

  it.each([
    ['a page to sign in', 'login-page', 'page'],
    ['half the file', 'half', 'expected 2000000'],
  ] as const)(
    'that is answered with %s is set aside, said so on the ticket, and others go on',
    async (_, effect, why) => {
      const { here } = await caseInBoth(hub);
      hub.first.faults.add({ on: 'call', path: 'VersionData', effect, times: 20 });
      await hub.first.human.attach(here, { name: 'a.zip', content: 2_000_000 });
      await hub.settle();
      hub.first.faults.clear();

      await hub.first.human.attach(here, { name: 'b.txt', content: 'fine' });
      await hub.settle();

      expect(await hub.parked()).toMatchObject([{ kind: 'attachment', cause: 'rejected' }]);
      expect(rows(hub.second, FILES)).toMatchObject([{ Title: 'b' }]);
      expect(rows(hub.second, COMMENTS)).toMatchObject([
        { CommentBody: expect.stringContaining('a.zip'), IsPublished: false },
      ]);
      expect(rows(hub.second, COMMENTS)[0]?.CommentBody).toContain(why);
    },
  );

  it('of more than the hub carries is refused before a byte of it is asked for', async () => {
    const { here } = await caseInBoth(hub);
    hub.first.faults.add({ on: 'call', path: 'VersionData', effect: 'fail' });

    await hub.first.human.attach(here, { name: 'huge.zip', content: 2 * 1024 ** 3 });
    await hub.settle();

    expect(hub.first.faults.list()).toHaveLength(1);
    expect(await hub.parked()).toMatchObject([{ kind: 'attachment', cause: 'rejected' }]);
    expect(rows(hub.second, COMMENTS)).toMatchObject([
      { CommentBody: expect.stringContaining('huge.zip'), IsPublished: false },
    ]);
  });
});
