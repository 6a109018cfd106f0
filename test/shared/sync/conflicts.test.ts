import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Connection, FieldPolicy, RemoteChange, WriteOutcome } from '../../../shared/ports/index.ts';
import { standardRules } from '../../../shared/sync/index.ts';
import { policyOf } from '../../../shared/sync/policy.ts';
import type { History, Loss, Note, ParkedWork, Root } from '../../../shared/sync/state.ts';
import type { MemoryStore } from '../../memory/index.ts';
import { ACME, CASE, hubOf, LEFT, RIGHT } from './hub.ts';

const settled = ({ record }: RemoteChange): WriteOutcome => ({
  outcome: 'settled',
  externalId: `copy-of-${record}` as ExternalId,
  version: { source: 'any', value: 100 },
});

/** A ticket met on the left and copied to the right; then one field is set by the hub and on the left at once. */
async function conflict(choice: FieldPolicy, field: string, hubs: string, theirs: string) {
  const hub = hubOf(settled, {
    policyFor: (_connection, _kind, name) => policyOf(name === field ? choice : undefined),
  });
  await hub.hear(CASE);
  await hub.work();
  const root = rootIn(hub).id;
  const edit = (fields: Record<string, string>, key: string) =>
    hub.engine.edit({
      organization: ACME,
      root,
      actor: 'ann',
      idempotencyKey: key,
      edit: { edit: 'fields', fields },
    });
  await edit({ [field]: hubs }, 'first');
  hub.clock.advance(10);
  await hub.hear({
    ...CASE,
    version: { source: 'any', value: 2 },
    fields: { ...CASE.fields, [field]: theirs },
  });
  hub.written.length = 0;
  await hub.work();
  return { hub, edit };
}

const items = ({ deps }: ReturnType<typeof hubOf>) => (deps.store as MemoryStore).items();
const rootIn = (hub: ReturnType<typeof hubOf>): Root =>
  items(hub).find(({ sk }) => sk === 'root')!.data as Root;
const lossesIn = (hub: ReturnType<typeof hubOf>): Loss[] =>
  items(hub)
    .filter(({ sk }) => /^(history|note)#/.test(sk))
    .flatMap(({ data }) => (data as History | Note).losses);
const parkedIn = (hub: ReturnType<typeof hubOf>): ParkedWork[] =>
  items(hub)
    .filter(({ pk }) => pk.includes('#parked#'))
    .map(({ data }) => data as ParkedWork);
const writesTo = (hub: ReturnType<typeof hubOf>, to: 'left' | 'right') =>
  hub.written
    .filter((change) => 'externalId' in change && (change.externalId === 'case-1') === (to === 'left'))
    .map(({ fields }) => fields);

describe('conflict policy ask: a person decides', () => {
  it('keeps both values where they are, journals the edit and shows the question among the parked work', async () => {
    const { hub } = await conflict({ use: 'ask' }, 'subject', 'ours', 'theirs');

    expect(rootIn(hub).fields.subject).toBe('ours');
    expect(writesTo(hub, 'left')).toEqual([]);
    expect(writesTo(hub, 'right')).toEqual([{ subject: 'ours' }]);
    expect(lossesIn(hub)).toMatchObject([{ field: 'subject', lost: 'theirs', kept: 'ours', policy: 'ask' }]);
    expect(parkedIn(hub)).toMatchObject([{ cause: 'asked', fault: 'organization', connection: LEFT }]);
  });

  it('lets every other field of that copy go on', async () => {
    const { hub, edit } = await conflict({ use: 'ask' }, 'subject', 'ours', 'theirs');

    await edit({ priority: 'urgent' }, 'second');
    await hub.work();

    expect(writesTo(hub, 'left')).toEqual([{ priority: 'P4' }]);
    expect(parkedIn(hub)).toHaveLength(1);
  });

  it('writes the record’s value to the copy when the question is replayed', async () => {
    const { hub } = await conflict({ use: 'ask' }, 'subject', 'ours', 'theirs');

    await hub.engine.replay(ACME, parkedIn(hub)[0]!.id, 'ann');
    await hub.work();

    expect(writesTo(hub, 'left')).toEqual([{ subject: 'ours' }]);
    expect(parkedIn(hub)).toEqual([]);
  });

  it('takes the copy’s value everywhere when that is restored, and writes nothing to the copy', async () => {
    const { hub, edit } = await conflict({ use: 'ask' }, 'subject', 'ours', 'theirs');
    hub.written.length = 0;

    await edit({ subject: 'theirs' }, 'restore');
    await hub.work();

    expect(writesTo(hub, 'left')).toEqual([]);
    expect(writesTo(hub, 'right')).toEqual([{ subject: 'theirs' }]);
    expect(parkedIn(hub)).toEqual([]);
  });

  it('gives everybody what a person sets through the hub instead', async () => {
    const { hub, edit } = await conflict({ use: 'ask' }, 'subject', 'ours', 'theirs');
    hub.written.length = 0;

    await edit({ subject: 'a third' }, 'third');
    await hub.work();

    expect(hub.written.map(({ fields }) => fields)).toEqual([{ subject: 'a third' }, { subject: 'a third' }]);
    expect(parkedIn(hub)).toEqual([]);
  });

  it('asks nothing any more once the copy says what the record says', async () => {
    const { hub } = await conflict({ use: 'ask' }, 'subject', 'ours', 'theirs');

    await hub.hear({
      ...CASE,
      version: { source: 'any', value: 3 },
      fields: { ...CASE.fields, subject: 'ours' },
    });
    await hub.work();

    expect(writesTo(hub, 'left')).toEqual([]);
    expect(parkedIn(hub)).toEqual([]);
    expect(rootIn(hub).lanes[LEFT]!.link.asked).toBeUndefined();
  });

  it('has one question a field and copy, about the latest value', async () => {
    const { hub } = await conflict({ use: 'ask' }, 'subject', 'ours', 'theirs');

    await hub.hear({
      ...CASE,
      version: { source: 'any', value: 3 },
      fields: { ...CASE.fields, subject: 'changed' },
    });

    expect(parkedIn(hub)).toHaveLength(1);
    expect(rootIn(hub).lanes[LEFT]!.link.asked).toMatchObject({ subject: { value: 'changed' } });
  });

  it('drops the question with the copy it is about', async () => {
    const { hub } = await conflict({ use: 'ask' }, 'subject', 'ours', 'theirs');

    await hub.hear({ ...CASE, version: { source: 'any', value: 4 }, life: 'deleted', fields: {} });

    expect(parkedIn(hub)).toEqual([]);
  });
});

describe('conflict policy text: both sides’ lines', () => {
  it('brings the merged text to every copy, and keeps both texts in the journal', async () => {
    const { hub } = await conflict(
      { use: 'text' },
      'description',
      'it burns\nbring water',
      'near the door\nit burns',
    );
    const merged = 'near the door\nit burns\nbring water';

    expect(rootIn(hub).fields.description).toBe(merged);
    expect(writesTo(hub, 'left')).toEqual([{ description: merged }]);
    expect(writesTo(hub, 'right').at(-1)).toEqual({ description: merged });
    expect(lossesIn(hub).map(({ lost, kept, policy }) => ({ lost, kept, policy }))).toEqual([
      { lost: 'it burns\nbring water', kept: merged, policy: 'text' },
      { lost: 'near the door\nit burns', kept: merged, policy: 'text' },
    ]);
  });
});

describe('conflict policy set: every member for itself', () => {
  it('keeps what either side added', async () => {
    const { hub } = await conflict({ use: 'set' }, 'subject', 'printer;vip', 'printer;urgent');

    expect(rootIn(hub).fields.subject).toBe('printer;urgent;vip');
    expect(writesTo(hub, 'left')).toEqual([{ subject: 'printer;urgent;vip' }]);
  });
});

describe('conflict policy side: one side wins', () => {
  it('keeps the copy’s edit although the hub’s was meant later', async () => {
    const { hub } = await conflict({ use: 'side', side: 'this connection' }, 'subject', 'ours', 'theirs');

    expect(rootIn(hub).fields.subject).toBe('theirs');
    expect(writesTo(hub, 'right').at(-1)).toEqual({ subject: 'theirs' });
    expect(lossesIn(hub)).toMatchObject([{ lost: 'ours', kept: 'theirs', policy: 'side' }]);
  });

  it('keeps the record’s value although the copy’s was set later, and writes it there', async () => {
    const { hub } = await conflict({ use: 'side', side: 'hub record' }, 'subject', 'ours', 'theirs');

    expect(rootIn(hub).fields.subject).toBe('ours');
    expect(writesTo(hub, 'left')).toEqual([{ subject: 'ours' }]);
    expect(lossesIn(hub)).toMatchObject([{ lost: 'theirs', kept: 'ours', policy: 'side' }]);
    expect(rootIn(hub).lanes[RIGHT]!.link.sent.subject).toBe('ours');
  });
});

describe('conflict policies are data of a connection’s mapping', () => {
  it('asks the rule of the field, and takes the newest where it says nothing', () => {
    const rule = { vendorField: 'x', direction: 'both' } as const;
    const rules = [
      { ...rule, field: 'subject', policy: { use: 'ask' } as const },
      { ...rule, field: 'status' },
    ];
    const connection = { mapping: { version: 1, kinds: { ticket: { rules } } } } as unknown as Connection;
    const nameOf = (field: string) => standardRules.policyFor(connection, 'ticket', field).name;

    expect([nameOf('subject'), nameOf('status'), nameOf('unmapped')]).toEqual(['ask', 'newest', 'newest']);
  });
});
