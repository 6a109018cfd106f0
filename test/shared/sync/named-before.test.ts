import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { claimKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { lane, link, OLD, root } from './fold-scene.ts';
import { ACME, LEFT, ticketOf } from './hub.ts';
import { caseSeen, hubThatMerges } from './merging.ts';

const ADA = 'ada' as RecordId;
const [MADE, GONE, NEXT] = ['case-1' as ExternalId, 'contact-1' as ExternalId, 'contact-2' as ExternalId];
const held = { subject: 'printer', status: 'S1', priority: 'P2', requester: GONE };
const meant = { subject: 'printer', status: 'new', priority: 'normal', requester: ADA };

/** A ticket is taken out of the desk's bin, and names its customer's copy as that was known when it went in. */
async function takenOut(copy: Link, more: Partial<Link> = { dead: { atMs: 1 } }) {
  const { hub, answers, written } = hubThatMerges();
  const seen = { authorship: 'other', atMs: hub.clock.now(), isComplete: true } as const;
  answers.set(MADE, {
    state: 'present',
    observation: { ...caseSeen(MADE), ...seen, kind: 'ticket', fields: held },
  });
  const made = link(MADE, { origin: 'ours', got: held, sent: held, ...more });
  const records = [
    root(ADA, { [LEFT]: lane(copy) }, { kind: 'contact', fields: { name: 'Ada' } }),
    root(OLD, { [LEFT]: { ...lane(made), referred: { record: ADA, externalId: GONE } } }, { fields: meant }),
  ];
  const claim = { ...claimKey(ACME, LEFT, 'ticket', MADE), data: { root: OLD, record: OLD } };
  for (const put of [...records.map((data) => ({ ...rootKey(ACME, data.id), data })), claim])
    await hub.deps.store.commit([{ put, expect: 0 }]);
  await hub.hear({ ...caseSeen(MADE), life: 'undeleted', fields: held });
  await hub.work(60_000);
  return { written, referred: (await ticketOf(hub)).lanes[LEFT]?.referred };
}

describe('whom a ticket named before it was deleted', () => {
  it('is named by what goes on for that since, once the ticket is brought back', async () => {
    const { written, referred } = await takenOut(link(NEXT));

    expect(written).toMatchObject([{ kind: 'ticket', operation: 'update', fields: { requester: NEXT } }]);
    expect(referred).toEqual({ record: ADA, externalId: NEXT });
  });

  it('is so, too, where nobody has heard that the ticket was deleted until it was back', async () => {
    const { written, referred } = await takenOut(link(NEXT), {});

    expect(written).toMatchObject([{ operation: 'update', fields: { requester: NEXT } }]);
    expect(referred).toEqual({ record: ADA, externalId: NEXT });
  });

  it('is named as before where that stands as it did', async () => {
    const { written, referred } = await takenOut(link(GONE));

    expect(written).toEqual([]);
    expect(referred).toEqual({ record: ADA, externalId: GONE });
  });

  it('is named as before while that is deleted itself: it may be on its way back', async () => {
    const { written, referred } = await takenOut(link(GONE, { dead: { atMs: 1 } }));

    expect(written).toEqual([]);
    expect(referred).toEqual({ record: ADA, externalId: GONE });
  });
});
