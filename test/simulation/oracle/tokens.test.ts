import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import type { World } from '../world.ts';
import { awaitsGrant, wakeAwaitsGrant } from './tokens.ts';

const EVENT = { connection: 'conn0', inbox: 'e1', state: 'open' };
const INTO = { pending: { id: 'p' }, waiting: [{ inbox: 'e1' }] };

async function loseGrant({ tables }: World, id: string): Promise<void> {
  const item = tables.connections.items().find(({ sk }) => sk === id)!;
  const { connection } = item.data as { connection: object };
  const data = { ...(item.data as object), connection: { ...connection, state: { kind: 'parked' } } };
  await tables.connections.commit([{ put: { ...item, data }, expect: item.version }]);
}

/** An event, and a ticket in whose lane it may wait, while the connection has lost its grant. */
async function waits(event: object, lane: object = INTO, isParked = true) {
  const world = quietWorld([{ profile: SALESFORCE_LIKE }]);
  if (isParked) await loseGrant(world, 'conn0');
  const root = { id: 'r', kind: 'ticket', lanes: { conn0: lane } };
  await world.store.commit([{ put: { pk: 'org0#root#r', sk: 'root', data: root }, expect: 0 }]);
  return awaitsGrant(world, { data: event });
}

describe('awaitsGrant', () => {
  it('excuses an event of what may be a comment of ours, for as long as nobody can look', async () => {
    expect(await waits(EVENT)).toBe(true);
    expect(await waits(EVENT, INTO, false)).toBe(false);
  });

  it('excuses none that waits for nothing, nor any other work', async () => {
    expect(await waits({ ...EVENT, inbox: 'e2' })).toBe(false);
    expect(await waits(EVENT, { waiting: INTO.waiting })).toBe(false);
    expect(await waits(EVENT, { pending: INTO.pending })).toBe(false);
    expect(await waits({ ...EVENT, state: 'parked' })).toBe(false);
    expect(await waits({ connection: 'conn0', state: 'open' })).toBe(false);
  });
});

describe('awaitsGrant: a case that was merged into another’s', () => {
  const doubtful = { pending: { id: 'p', isDoubtful: true } };
  const wake = { id: 'w', dueAtMs: 1 };

  /** Two cases of one desk, known to another system too, which may have lost its grant. */
  async function merged({ own = {}, other = {}, here = {}, isMerged = true, isParked = true }) {
    const world = quietWorld([
      { profile: { ...SALESFORCE_LIKE, merges: true } },
      { profile: SALESFORCE_LIKE },
    ]);
    const { vendor } = world.sites[0]!;
    const [gone, into] = ['a', 'b'].map(
      (subject) => vendor.create({ kind: 'ticket', fields: { subject }, by: 'person' }).id,
    );
    if (isMerged) vendor.merge(gone!, into!, {});
    const held = (externalId: ExternalId, more: object) => ({ link: { externalId }, ...more });
    const roots = [
      { id: 'r', kind: 'ticket', lanes: { conn0: held(gone!, { wake, ...here }), conn1: own } },
      { id: 's', kind: 'ticket', lanes: { conn0: held(into!, {}), conn1: other } },
    ];
    if (isParked) await loseGrant(world, 'conn1');
    for (const data of roots)
      await world.store.commit([{ put: { pk: `org0#root#${data.id}`, sk: 'root', data }, expect: 0 }]);
    const message = { type: 'reconcile', organization: 'org0', root: 'r', connection: 'conn0' };
    expect(wakeAwaitsGrant(world, { ...message, wake: 'earlier' })).toBe(false);
    expect(wakeAwaitsGrant(world, { ...message, root: 's', wake: wake.id })).toBe(false);
    const isExcused = awaitsGrant(world, { data: roots[0] });
    expect(wakeAwaitsGrant(world, { ...message, wake: wake.id })).toBe(isExcused);
    return isExcused;
  }

  it('is excused while a request on either is in doubt where nobody can look', async () => {
    expect(await merged({ own: { link: {}, ...doubtful } })).toBe(true);
    expect(await merged({ own: { link: {} }, other: { link: {}, ...doubtful } })).toBe(true);
  });

  it.each([
    ['where somebody can look', { isParked: false }],
    ['where nothing was merged', { isMerged: false }],
    ['where nothing is in doubt', { other: { link: {} } }],
    ['where what is in doubt is its own', { other: { link: {} }, here: doubtful }],
    ['where it is set aside', { here: { link: { externalId: 'v0-t0001', parked: {} } } }],
    ['where something else of it is due there', { here: { drains: [{ record: 'c', atMs: 1 }] } }],
    ['where something else of it is due elsewhere', { own: { link: {}, wake } }],
    ['where nothing of it is due', { here: { wake: undefined } }],
  ])('is not %s', async (_where, given) => {
    expect(await merged({ own: { link: {} }, other: { link: {}, ...doubtful }, ...given })).toBe(false);
  });
});
