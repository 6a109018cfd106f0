import { describe, expect, it } from 'vitest';
import type { InboxId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import type { InboxRow } from '../../../shared/sync/inbox-row.ts';
import { inboxKey } from '../../../shared/sync/keys.ts';
import type { EndState } from '../../../shared/sync/state.ts';
import { START_MS } from '../../memory/index.ts';
import type { VendorPlan } from '../plan.ts';
import { quietWorld } from '../quiet-world.ts';
import type { Held } from '../truth.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { everythingAccountedFor } from './ledger.ts';

const MINUTE_MS = 60_000;
const LINE = { queue: 'changes', group: 'case-1' };

/** A row of one conversation, closed after so many minutes. */
async function worldWithRow(
  { state, openMinutes }: { state: EndState; openMinutes: number },
  tokens?: VendorPlan['tokens'],
) {
  const world = quietWorld([{ profile: SALESFORCE_LIKE, ...(tokens && { tokens }) }]);
  const { organization, connection } = world.sites[0]!;
  const inbox = 'row-1' as InboxId;
  const row: InboxRow = {
    organization,
    connection,
    inbox,
    group: LINE.group,
    lane: 'changes',
    contentType: 'application/json',
    receivedAtMs: START_MS,
    redeliveryMs: 0,
    state,
    ends: [state],
  };
  const key = inboxKey(organization, connection, inbox);
  await world.store.commit([{ put: { ...key, data: row }, expect: 0 }]);
  world.chronicle.accepted.set(connection, new Map([[inbox, START_MS]]));
  world.chronicle.closedAtMs.set(`${key.pk} ${key.sk}`, START_MS + openMinutes * MINUTE_MS);
  return world;
}

/** One that stood open for 22 minutes, and when the sweeper was run. */
async function rowSwept(...minutes: readonly number[]) {
  const world = await worldWithRow({ state: 'echo', openMinutes: 22 });
  world.chronicle.sweptAtMs.push(...minutes.map((minute) => START_MS + minute * MINUTE_MS));
  return everythingAccountedFor(world);
}

/** One that stood open for 22 minutes, and what else its queue was held up by. */
async function rowHeldUp(...held: readonly Held[]) {
  const world = await worldWithRow({ state: 'echo', openMinutes: 22 });
  world.chronicle.held.push(...held);
  return everythingAccountedFor(world);
}

interface Doubt {
  /** When a comment of the same conversation was asked for. */
  readonly askedMinute?: number;
  readonly shutMinutes?: readonly [from: number, to: number];
  readonly copy?: string;
  readonly hasTokens?: boolean;
}

/** One that stood open for 22 minutes, for three of which nobody could look for a comment of ours, unless told otherwise. */
async function rowInDoubt({
  askedMinute = -1,
  shutMinutes: [from, to] = [1, 4],
  copy = LINE.group,
  hasTokens = true,
}: Doubt = {}) {
  const tokens = hasTokens ? { lifeMs: MINUTE_MS, graceMs: 0 } : undefined;
  const world = await worldWithRow({ state: 'applied', openMinutes: 22 }, tokens);
  const { organization, connection } = world.sites[0]!;
  const pk = `${organization}#root#r`;
  const data = { id: 'r', kind: 'ticket', lanes: { [connection]: { link: { externalId: copy } } } };
  await world.store.commit([{ put: { pk, sk: 'root', data }, expect: 0 }]);
  const at = (minute: number) => START_MS + minute * MINUTE_MS;
  world.chronicle.intended.set(`${connection} r.c`, [{ id: 'p', atMs: at(askedMinute) }]);
  world.chronicle.shut.set(`${pk} ${connection}`, [{ fromMs: at(from), untilMs: at(to) }]);
  return everythingAccountedFor(world);
}

const held = (fromMinute: number, toMinute: number, over: Partial<Held> = {}): Held => ({
  ...LINE,
  inbox: 'row-0' as InboxId,
  fromMs: START_MS + fromMinute * MINUTE_MS,
  untilMs: START_MS + toMinute * MINUTE_MS,
  ...over,
});

const TOO_LONG = [{ invariant: 5, what: 'row-1 stood open for 22 minutes' }];

describe('everythingAccountedFor: nothing stays open longer than the bound', () => {
  it('owes a row the time for which another message of its line killed whatever took it up', async () => {
    expect(await rowHeldUp(held(0, 3))).toEqual([]);
  });

  it.each([
    ['nothing else', []],
    ['its own message', [held(0, 3, { inbox: 'row-1' as InboxId })]],
    ['a message of another line', [held(0, 3, { group: 'case-2' })]],
    ['a message of another queue', [held(0, 3, { queue: 'deltas' })]],
    ['a message that was there long before it', [held(-2, 1)]],
    ['a message that held the line until long after it', [held(21, 24)]],
  ] as const)('owes it no more for %s', async (_what, others) => {
    expect(await rowHeldUp(...others)).toEqual(TOO_LONG);
  });

  it('owes a row the time for which nobody could look for the comment of ours that it may have told of', async () => {
    expect(await rowInDoubt()).toEqual([]);
  });

  it.each<[string, Doubt]>([
    ['a comment asked for after it came', { askedMinute: 1 }],
    ['a way that was shut for less', { shutMinutes: [-2, 1] }],
    ['a comment in another conversation', { copy: 'case-2' }],
    ['a connection whose grant does not end', { hasTokens: false }],
  ])('owes it none for %s', async (_what, doubt) => {
    expect(await rowInDoubt(doubt)).toEqual(TOO_LONG);
  });
});

describe('everythingAccountedFor: the sweeper that sends again what was lost', () => {
  it('is owed the time by which it came later than each minute, the last time before', async () => {
    expect(await rowSwept(18, 21.5)).toEqual([]);
  });

  it.each([
    ['it came in time', [20, 21, 22]],
    ['it was late before, and once more in time', [1, 21, 22]],
    ['it came too late after', [21, 22, 30]],
    ['it was hardly late', [19, 21.9]],
    ['it came but once', [21]],
  ])('is owed nothing where %s', async (_what, minutes) => {
    expect(await rowSwept(...minutes)).toEqual(TOO_LONG);
  });
});

describe('everythingAccountedFor: of no interest is what tells of what is gone', () => {
  const filteredOf = async (gone: 'file' | 'message' | 'thread' | 'nothing') => {
    const world = await worldWithRow({ state: 'filtered', openMinutes: 1 });
    const { vendor } = world.sites[0]!;
    const made = (kind: 'ticket' | 'comment' | 'attachment') =>
      vendor.create({ kind, fields: {}, by: 'person' });
    const all = { thread: made('ticket'), message: made('comment'), file: made('attachment') };
    const parent = {
      kind: 'comment',
      externalId: all.message.id,
      rootExternalId: all.thread.id,
    } as const;
    const told: Pick<Observation, 'kind' | 'externalId' | 'parent'> = {
      kind: 'attachment',
      externalId: all.file.id,
      parent,
    };
    world.chronicle.about.set('row-1', [told as Observation]);
    if (gone !== 'nothing') vendor.setLife(all[gone].id, 'deleted', 'person');
    return everythingAccountedFor(world);
  };

  it.each(['file', 'message', 'thread'] as const)('its %s', async (gone) => {
    expect(await filteredOf(gone)).toEqual([]);
  });

  it('and nothing else', async () => {
    expect(await filteredOf('nothing')).toEqual([
      { invariant: 5, what: 'row-1 was filtered, and told of something that is there' },
    ]);
  });
});
