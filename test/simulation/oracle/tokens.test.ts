import { describe, expect, it } from 'vitest';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { awaitsGrant } from './tokens.ts';

const EVENT = { connection: 'conn0', inbox: 'e1', state: 'open' };
const INTO = { pending: { id: 'p' }, waiting: [{ inbox: 'e1' }] };

/** An event, and a ticket in whose lane it may wait, while the connection has lost its grant. */
async function waits(event: object, lane: object = INTO, isParked = true) {
  const world = quietWorld([{ profile: SALESFORCE_LIKE }]);
  const connections = world.tables.connections;
  const item = connections.items().find(({ sk }) => sk === 'conn0')!;
  const { connection } = item.data as { connection: object };
  const state = { kind: isParked ? 'parked' : 'active' };
  await connections.commit([
    {
      put: { ...item, data: { ...(item.data as object), connection: { ...connection, state } } },
      expect: item.version,
    },
  ]);
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
