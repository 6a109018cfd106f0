import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { RemoteState } from '../../../shared/ports/index.ts';
import { claimKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { lane, link, OLD, root } from './fold-scene.ts';
import { ACME, LEFT, RIGHT, ticketOf } from './hub.ts';
import { caseSeen, hubThatMerges } from './merging.ts';

const ADA = 'ada' as RecordId;
const [MADE, GONE, NEXT] = ['case-1' as ExternalId, 'contact-1' as ExternalId, 'contact-2' as ExternalId];
const person = { kind: 'contact', fields: { name: 'Ada' } } as const;
const held = { subject: 'printer', status: 'S1', priority: 'P2', requester: GONE };
const meant = { subject: 'printer', status: 'new', priority: 'normal', requester: ADA };

const mergedAway: RemoteState = { state: 'deleted', mergedInto: NEXT };

/** Of the customer's copy that was known: what a look shows, and whether it is told before the ticket is back. */
interface End {
  readonly shown?: RemoteState;
  readonly isTold?: boolean;
  /** How many wait to be told of that copy elsewhere. */
  readonly waiting?: number;
}

const waiting = (count = 0) =>
  Array.from({ length: count }, (_, at) => ({ root: `ticket-${at}` as RecordId, connection: RIGHT }));

/** A ticket is taken out of the desk's bin, and names its customer's copy as that was known when it went in. */
async function takenOut(copy: Link, more: Partial<Link> = { dead: { atMs: 1 } }, end: End = {}) {
  const { hub, answers, written, reads } = hubThatMerges();
  const seen = { authorship: 'other', atMs: hub.clock.now(), isComplete: true } as const;
  for (const externalId of [GONE, NEXT])
    answers.set(externalId, { state: 'present', observation: { ...person, ...seen, externalId } });
  if (end.shown !== undefined) answers.set(GONE, end.shown);
  answers.set(MADE, {
    state: 'present',
    observation: { ...caseSeen(MADE), ...seen, kind: 'ticket', fields: held },
  });
  const made = link(MADE, { origin: 'ours', got: held, sent: held, ...more });
  const records = [
    root(ADA, { [LEFT]: lane(copy) }, { ...person, dependents: waiting(end.waiting) }),
    root(OLD, { [LEFT]: { ...lane(made), referred: { record: ADA, externalId: GONE } } }, { fields: meant }),
  ];
  const claims = [
    { ...claimKey(ACME, LEFT, 'ticket', MADE), data: { root: OLD, record: OLD } },
    { ...claimKey(ACME, LEFT, 'contact', copy.externalId!), data: { root: ADA, record: ADA } },
  ];
  for (const put of [...records.map((data) => ({ ...rootKey(ACME, data.id), data })), ...claims])
    await hub.deps.store.commit([{ put, expect: 0 }]);
  if (end.isTold === true) await hub.hear({ ...person, externalId: GONE, life: 'deleted' });
  await hub.hear({ ...caseSeen(MADE), life: 'undeleted', fields: held });
  await hub.work(60_000);
  const referred = async () => (await ticketOf(hub)).lanes[LEFT]?.referred;
  return { hub, answers, written, reads, referred };
}

describe('whom a ticket named before it was deleted', () => {
  it('is named by what goes on for that since, once the ticket is brought back', async () => {
    const { written, referred } = await takenOut(link(NEXT));

    expect(written).toMatchObject([{ kind: 'ticket', operation: 'update', fields: { requester: NEXT } }]);
    expect(await referred()).toEqual({ record: ADA, externalId: NEXT });
  });

  it('is so, too, where nobody has heard that the ticket was deleted until it was back', async () => {
    const { written, referred } = await takenOut(link(NEXT), {});

    expect(written).toMatchObject([{ operation: 'update', fields: { requester: NEXT } }]);
    expect(await referred()).toEqual({ record: ADA, externalId: NEXT });
  });

  it('is named as before where that stands as it did', async () => {
    const { written, referred } = await takenOut(link(GONE));

    expect(written).toEqual([]);
    expect(await referred()).toEqual({ record: ADA, externalId: GONE });
  });

  it('is named as before while that is deleted itself: it may be on its way back', async () => {
    const { written, referred } = await takenOut(link(GONE, { dead: { atMs: 1 } }));

    expect(written).toEqual([]);
    expect(await referred()).toEqual({ record: ADA, externalId: GONE });
  });

  it.each([
    ['of whose end a look has still to tell', true],
    ['of whose end nobody has told at all', false],
  ])('is named by what goes on for that, %s', async (_what, isTold) => {
    const { written, referred } = await takenOut(link(GONE), undefined, { shown: mergedAway, isTold });

    expect(written).toMatchObject([{ kind: 'ticket', operation: 'update', fields: { requester: NEXT } }]);
    expect(await referred()).toEqual({ record: ADA, externalId: NEXT });
  });

  it('is named so, too, where a look that was a moment behind has shown it, and its end is told after that', async () => {
    const { hub, answers, written, referred } = await takenOut(link(GONE));
    answers.set(GONE, mergedAway);

    await hub.hear({ ...person, externalId: GONE, life: 'deleted' });
    await hub.work(60_000);

    expect(written).toMatchObject([{ kind: 'ticket', operation: 'update', fields: { requester: NEXT } }]);
    expect(await referred()).toEqual({ record: ADA, externalId: NEXT });
  });

  it('is named as before where its end, told after that, is no merge', async () => {
    const { hub, answers, written, referred } = await takenOut(link(GONE));
    answers.set(GONE, { state: 'deleted' });

    await hub.hear({ ...person, externalId: GONE, life: 'deleted' });
    await hub.work(60_000);

    expect(written).toEqual([]);
    expect(await referred()).toEqual({ record: ADA, externalId: GONE });
  });

  it('comes by for that where so many wait to be told of it that none more find room', async () => {
    const { hub, written, referred } = await takenOut(link(GONE), undefined, {
      shown: mergedAway,
      waiting: 200,
    });
    await hub.work(600_000);

    expect(written).toMatchObject([{ kind: 'ticket', operation: 'update', fields: { requester: NEXT } }]);
    expect(await referred()).toEqual({ record: ADA, externalId: NEXT });
  });
});
