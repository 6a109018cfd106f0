import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError } from '../../../shared/errors.ts';
import { claimKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { lane, link, OLD, parked, root } from './fold-scene.ts';
import { ACME, LEFT, parkedOf, RIGHT, settled } from './hub.ts';
import { hubThatMerges } from './merging.ts';

const ADA = 'ada' as RecordId;
const [GONE, NEXT, USER] = ['contact-1', 'contact-2', 'user-1'] as [ExternalId, ExternalId, ExternalId];
const person = { kind: 'contact', externalId: GONE, fields: { name: 'Ada' } } as const;
const edit = { edit: 'fields', fields: { subject: 'lamp' } } as const;
const EDIT = { organization: ACME, root: OLD, actor: 'agent:bo', idempotencyKey: 'one', edit } as const;

/** A ticket is to be made at the desk, and to name the customer's copy there; the chat knows that customer, too. */
async function ticketOf(copy: Link) {
  const world = hubThatMerges();
  const { hub, answers, writes } = world;
  const seen = { ...person, authorship: 'other', atMs: hub.clock.now(), isComplete: true } as const;
  for (const externalId of [GONE, NEXT])
    answers.set(externalId, { state: 'present', observation: { ...seen, externalId } });
  const error = new ProviderRejectedError('no such contact', { vendorCode: 'NO' });
  writes.answer = (change) =>
    change.fields.requester === GONE ? { outcome: 'refused', why: 'rejected', error } : settled(change);
  const contact = { kind: 'contact', fields: { name: 'Ada' } } as const;
  const requested = { fields: { subject: 'printer', requester: ADA } };
  const roots = [
    root(ADA, { [LEFT]: lane(copy), [RIGHT]: lane(link(USER)) }, contact),
    root(OLD, { [LEFT]: lane(link(undefined, { origin: 'ours' })) }, requested),
  ];
  const claim = { root: ADA, record: ADA };
  const puts = [
    ...roots.map((data) => ({ ...rootKey(ACME, data.id), data })),
    { ...claimKey(ACME, LEFT, 'contact', GONE), data: claim },
    { ...claimKey(ACME, RIGHT, 'contact', USER), data: claim },
  ];
  for (const put of puts) await hub.deps.store.commit([{ put, expect: 0 }]);
  return world;
}

describe('what was refused, naming a copy of whose end nobody had heard', () => {
  it.each([
    ['without it, where that was deleted', undefined, null],
    ['naming what goes on for it', NEXT, NEXT],
  ])('is written %s', async (_how, mergedInto, requester) => {
    const { hub, answers, written } = await ticketOf(link(GONE, { origin: 'ours' }));
    answers.set(GONE, { state: 'deleted', ...(mergedInto === undefined ? {} : { mergedInto }) });

    await hub.engine.edit(EDIT);
    await hub.work(60_000);

    const tickets = written.filter(({ kind }) => kind === 'ticket');
    expect(tickets.map(({ fields }) => fields.requester)).toEqual([GONE, requester]);
    expect(await parkedOf(hub)).toEqual([]);
  });

  it('stays set aside while that is there, for something else was refused, and goes on once it is not', async () => {
    const { hub, answers, written } = await ticketOf(link(GONE, { origin: 'ours' }));
    await hub.engine.edit(EDIT);
    await hub.work(60_000);
    expect(written).toHaveLength(1);
    expect(await parkedOf(hub)).toMatchObject([{ cause: 'rejected', record: OLD }]);

    answers.set(GONE, { state: 'deleted' });
    await hub.hear({ ...person, life: 'deleted', fields: {} });
    await hub.work(60_000);

    expect(written).toMatchObject([{ fields: { requester: GONE } }, { fields: { requester: null } }]);
    expect(await parkedOf(hub)).toEqual([]);
  });
});

describe('what waits for a copy that will never be', () => {
  it('goes without it once the record is deleted', async () => {
    const { hub, written } = await ticketOf(link(undefined, { origin: 'ours', parked }));
    await hub.engine.edit(EDIT);
    await hub.work(60_000);
    expect(written).toEqual([]);

    await hub.hear({ kind: 'contact', externalId: USER, life: 'deleted', fields: {} }, RIGHT);
    await hub.work(60_000);

    expect(written).toMatchObject([{ kind: 'ticket', operation: 'create', fields: { requester: null } }]);
  });
});
