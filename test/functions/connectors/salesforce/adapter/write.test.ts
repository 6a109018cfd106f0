import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../../../shared/domain/index.ts';
import type { RemoteChange, WriteOutcome } from '../../../../../shared/ports/index.ts';
import { type Connected, connected, note, RECORD, ticket } from '../world.ts';

let world: Connected;
beforeEach(async () => {
  world = await connected();
});
afterEach(() => world.sandbox.close());

const write = (change: RemoteChange) => world.integration.write!(change);
async function settled(change: RemoteChange): Promise<Extract<WriteOutcome, { outcome: 'settled' }>> {
  const outcome = await write(change);
  if (outcome.outcome !== 'settled')
    throw new Error(`expected settled, saw ${outcome.outcome}`, { cause: outcome.error });
  return outcome;
}
const loseAnswer = () => world.sandbox.faults.add({ on: 'call', path: '/composite', effect: 'drop-after' });
const cases = () => world.sandbox.human.find('SELECT Id, Subject, Status FROM Case WHERE IsDeleted = false');
const comments = () =>
  world.sandbox.human.find('SELECT Id, CommentBody, IsPublished FROM CaseComment WHERE IsDeleted = false');
const update = (externalId: string, fields: Record<string, string>, more = {}): RemoteChange => ({
  record: RECORD,
  kind: 'ticket',
  operation: 'update',
  externalId: externalId as ExternalId,
  fields,
  ...more,
});
/** How many calls a piece of work costs. */
async function calls(work: () => Promise<unknown>): Promise<number> {
  const before = world.usages.at(-1)?.used ?? 0;
  await work();
  return (world.usages.at(-1)?.used ?? 0) - before;
}

describe('Salesforce writes: creation', () => {
  it('makes a case with the hub’s mark, and reads it back in the same call', async () => {
    const { version } = (await settled(ticket({ subject: 'warm up' }, 'r0' as RecordId))) ?? {};
    let outcome: WriteOutcome | undefined;
    const used = await calls(async () => {
      outcome = await write(ticket({ subject: 'Printer', status: 'New', priority: 'High' }));
    });

    expect(used).toBe(1);
    expect(outcome).toMatchObject({
      outcome: 'settled',
      version: { source: 'systemmodstamp' },
      observation: { marker: RECORD, authorship: 'hub', fields: { subject: 'Printer', priority: 'High' } },
    });
    expect(version?.source).toBe('systemmodstamp');
  });

  it('leaves an agent’s edit alone when the answer was lost and the creation is sent again', async () => {
    loseAnswer();
    expect(await write(ticket({ subject: 'Printer', status: 'New' }))).toMatchObject({
      outcome: 'uncertain',
    });
    const [made] = cases();
    world.sandbox.human.edit(String(made?.Id), { Status: 'Working' });

    const again = await settled(ticket({ subject: 'Printer', status: 'New' }));

    expect(again.externalId).toBe(made?.Id);
    expect(again.observation).toMatchObject({ authorship: 'other', fields: { status: 'Working' } });
    expect(cases()).toMatchObject([{ Status: 'Working' }]);
  });

  it('refuses to choose where the mark stands on two cases', async () => {
    const { externalId } = await settled(ticket({ subject: 'one' }));
    world.sandbox.human.remove(externalId);
    await settled(ticket({ subject: 'two' }));
    world.sandbox.human.undelete(externalId);

    expect(await write(ticket({ subject: 'three' }))).toMatchObject({
      outcome: 'refused',
      why: 'rejected',
      error: { vendorCode: 'MULTIPLE_CHOICES' },
    });
  });

  it('settles without a read-back where the case is out of the hub’s sight at once', async () => {
    const made = await settled(ticket({ subject: 'one' }));
    const serial = made.externalId;
    world.sandbox.settings({ hidden: [serial] });

    const outcome = await settled(update(serial, { subject: 'renamed' }));

    expect(outcome).toEqual({ outcome: 'settled', externalId: serial });
  });

  it('makes a contact from one name, and lets the org’s duplicate rules stand aside', async () => {
    const outcome = await settled({
      record: RECORD,
      kind: 'contact',
      operation: 'create',
      fields: { name: 'Ada King Lovelace', email: 'ada@example.com' },
    });

    expect(world.sandbox.human.find('SELECT FirstName, LastName, Email FROM Contact')).toMatchObject([
      { FirstName: 'Ada King', LastName: 'Lovelace', Email: 'ada@example.com' },
    ]);
    expect(outcome.observation?.fields.name).toBe('Ada King Lovelace');
  });

  it('parks a case whose contact was deleted, with the vendor’s code', async () => {
    const { id } = world.sandbox.human.create('Contact', { LastName: 'Gone' });
    world.sandbox.human.remove(id);

    expect(await write(ticket({ subject: 'x', requester: id }))).toMatchObject({
      outcome: 'refused',
      why: 'rejected',
      error: { code: 'provider_rejected', vendorCode: 'ENTITY_IS_DELETED' },
    });
  });
});

describe('Salesforce writes: comments', () => {
  it('makes a comment and its link in one transaction, published as told', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    await settled(note(root, 'public'));
    await settled(note(root, 'internal', 'internal', 'r2' as RecordId));

    expect(comments()).toMatchObject([
      { CommentBody: 'public', IsPublished: true },
      { CommentBody: 'internal', IsPublished: false },
    ]);
    expect(world.sandbox.human.find('SELECT Key__c FROM Deskbridge_Comment_Link__c')).toHaveLength(2);
  });

  it('finds the comment of a lost answer, as somebody has edited it since', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    loseAnswer();
    expect(await write(note(root, 'hello'))).toMatchObject({ outcome: 'uncertain' });
    const [made] = comments();
    world.sandbox.human.editComment(String(made?.Id), { body: 'hello there' });

    const again = await settled(note(root, 'hello'));

    expect(again).toMatchObject({
      externalId: made?.Id,
      observation: { marker: RECORD, authorship: 'other', fields: { body: 'hello there' } },
    });
    expect(comments()).toHaveLength(1);
  });

  it('does not make a comment again that somebody has deleted since', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    loseAnswer();
    await write(note(root, 'hello'));
    const [made] = comments();
    world.sandbox.human.remove(String(made?.Id));

    expect(await settled(note(root, 'hello'))).toEqual({ outcome: 'settled', externalId: made?.Id });
    expect(comments()).toEqual([]);
  });

  it('leaves neither comment nor link of a transaction that failed', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;

    const outcome = await write(note(root, 'x'.repeat(4_001)));

    expect(outcome).toMatchObject({ outcome: 'refused', error: { vendorCode: 'STRING_TOO_LONG' } });
    expect(world.sandbox.human.find('SELECT Id FROM Deskbridge_Comment_Link__c')).toEqual([]);
  });

  it('calls its case gone when it is, so that nothing is made under it', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    world.sandbox.human.remove(root);

    expect(await write(note(root, 'hello'))).toMatchObject({ outcome: 'refused', why: 'gone' });
  });

  it('takes the link along when it deletes a comment, so that the record can have one again', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    const { externalId } = await settled(note(root, 'hello'));

    await settled({ record: RECORD, kind: 'comment', operation: 'delete', externalId, fields: {} });
    const again = await settled(note(root, 'hello again'));

    expect(again.externalId).not.toBe(externalId);
    expect(comments()).toMatchObject([{ CommentBody: 'hello again' }]);
  });

  it('deletes a comment that never had a link', async () => {
    const root = world.sandbox.human.createCase({ subject: 'a' }).id;
    const { id } = world.sandbox.human.comment(root, 'by hand');

    await settled({
      record: RECORD,
      kind: 'comment',
      operation: 'delete',
      externalId: id as ExternalId,
      fields: {},
    });

    expect(comments()).toEqual([]);
  });
});

describe('Salesforce writes: updates', () => {
  it('writes the given fields alone, and costs one call', async () => {
    const { externalId, version } = await settled(ticket({ subject: 'a', status: 'New' }));
    world.clock.nowMs += 2_000;

    const used = await calls(() =>
      settled(update(externalId, { status: 'Working' }, { ifVersion: version })),
    );

    expect(used).toBe(1);
    expect(cases()).toMatchObject([{ Subject: 'a', Status: 'Working' }]);
  });

  it('writes without a condition where the base came from an event', async () => {
    const { externalId } = await settled(ticket({ subject: 'a' }));
    world.clock.nowMs += 2_000;
    world.sandbox.human.edit(externalId, { Priority: 'Low' });
    const ifVersion = { source: 'cdc.commit', value: '0' };

    expect(await write(update(externalId, { subject: 'b' }, { ifVersion }))).toMatchObject({
      outcome: 'settled',
    });
  });

  it('cannot see an edit within the base’s own second: the gap the manifest names', async () => {
    const { externalId, version } = await settled(ticket({ subject: 'a' }));
    world.sandbox.human.edit(externalId, { Subject: 'theirs' });

    await settled(update(externalId, { subject: 'ours' }, { ifVersion: version }));

    expect(cases()).toMatchObject([{ Subject: 'ours' }]);
  });

  it('parks what an org’s own rule refuses, with its code', async () => {
    const { externalId } = await settled(ticket({ subject: 'a' }));
    world.sandbox.settings({ restrictPicklists: true });

    expect(await write(update(externalId, { status: 'Dreaming' }))).toMatchObject({
      outcome: 'refused',
      why: 'rejected',
      error: { vendorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' },
    });
  });

  it('says unavailable of a locked row: the vendor did nothing', async () => {
    const { externalId } = await settled(ticket({ subject: 'a' }));
    world.sandbox.faults.add({ on: 'call', path: '/composite', effect: 'lock' });

    expect(await write(update(externalId, { subject: 'b' }))).toMatchObject({
      outcome: 'refused',
      why: 'unavailable',
    });
  });

  it('is uncertain of an answer it cannot read', async () => {
    const odd = { ...world.opening, fetch: async () => new Response('{"surprise":1}', { status: 200 }) };
    const { adapter } = await import('../../../../../functions/connectors/salesforce/adapter.ts');

    const outcome = await adapter.open(odd, world.grant).write!(ticket({ subject: 'a' }));

    expect(outcome).toMatchObject({ outcome: 'uncertain', error: { code: 'provider_unavailable' } });
  });
});
