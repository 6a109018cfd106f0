import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../shared/ports/index.ts';
import { verdictOf } from '../../../shared/sync/hindsight.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { settleWritten } from '../../../shared/sync/settlement.ts';
import type { Heard } from '../../../shared/sync/state.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, CASE, hubOver, LEFT, settled, ticketOf } from './hub.ts';
import { pendingUpdate, seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';
import { heard, ours, WRITE } from './written.ts';

const OURS = { fields: { priority: 'high' }, isComplete: false, authorship: 'hub' } as const;
const LANDED = { atMs: 60_000, version: version(6) };

describe('an event of our own write', () => {
  const base = { atMs: 40_000, version: version(4) };

  it('says when it landed, though it tells of a part: what is told of later came after it', () => {
    const written = { priority: [{ value: 'high', was: 'low', base }] };
    const scene = ticketScene({ link: { got: { priority: 'high' }, written } });

    expect(observeCopy(scene, seenTicket(OURS))).toBe('echo');

    expect(scene.link.written?.priority).toMatchObject([{ seen: LANDED }]);
  });

  const settledAfter = (o: Partial<Observation>) => {
    const pending = pendingUpdate({ priority: 'high' });
    const scene = ticketScene({ fields: { priority: 'high' }, lane: { pending } });
    observeCopy(scene, seenTicket({ ...OURS, ...o }));
    settleWritten(scene, pending, { externalId: scene.link.externalId! });
    return scene.link.written?.priority?.at(-1);
  };

  it('says so before that is settled', () => {
    expect(settledAfter({})).toMatchObject({ value: 'high', seen: LANDED });
  });

  it.each<[string, Partial<Observation>]>([
    ['by another value', { fields: { priority: 'urgent' } }],
    ['of the state that it was decided on', { version: version(5) }],
    ['by another hand', { authorship: 'other' }],
  ])('does not %s', (_what, o) => {
    expect(settledAfter(o)).toMatchObject({ value: 'high' });
    expect(settledAfter(o)).not.toHaveProperty('seen');
  });
});

describe('what our own write made, told of anew under the time at which that was first seen', () => {
  const told = (more: Partial<Heard> = {}, seenAtMs = 60_000) => {
    const write = { ...WRITE, seen: { atMs: seenAtMs, version: version(6) } };
    const since = { priority: write.seen };
    const scene = ticketScene({ link: { ...ours, since, written: { priority: [write] } } });
    const fieldTimesMs = { priority: 60_000 };
    return verdictOf(
      scene,
      'priority',
      heard('high', 60_000, { authorship: 'other', fieldTimesMs, ...more }),
    );
  };

  it('is no person’s, who may have set something else within the same second', () => {
    expect(told()).toBe('known');
    expect(told({ version: version(7) })).toBe('known');
  });

  it('is a person’s where that is said of it, or it was set after that', () => {
    expect(told({ isExact: true })).toBe('said-again');
    expect(told({}, 55_000)).toBe('said-again');
  });
});

it('an event of our own write that is told of before the write is answered says when it landed', async () => {
  const hub = hubOver({
    [LEFT]: {
      profile: SALESFORCE_LIKE,
      port: {
        read: async () => ({ state: 'absent' }),
        write: async (change) => {
          if (change.operation !== 'update') return settled(change);
          const { externalId, fields } = change;
          const own = { kind: 'ticket', externalId, fields, isComplete: false, authorship: 'hub' } as const;
          await hub.hear({ ...own, version: { source: 'any', value: 9 } });
          return { outcome: 'settled', externalId };
        },
      },
    },
  });
  await hub.hear({ ...CASE, version: { source: 'any', value: 1 } });
  await hub.work();
  const { id: root } = await ticketOf(hub);
  const edit = { edit: 'fields', fields: { priority: 'urgent' } } as const;
  await hub.engine.edit({ organization: ACME, root, actor: 'user:1', idempotencyKey: 'key-1', edit });
  await hub.work();

  expect((await ticketOf(hub)).lanes[LEFT]?.link.written?.priority).toMatchObject([
    { seen: { version: { source: 'any', value: 9 } } },
  ]);
});
