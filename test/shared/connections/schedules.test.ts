import { describe, expect, it } from 'vitest';
import { poller } from '../../../shared/connections/index.ts';
import {
  createSchedules,
  inForce,
  isDue,
  nextRuns,
  type Schedule,
} from '../../../shared/connections/schedules.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { memoryStore, virtualClock } from '../../memory/index.ts';
import { acme, manifest, modelAdapter } from './model.ts';
import { accepted, context, page, source, ticket, twoVendors } from './two-vendors.ts';

const NAMED = { organization: acme, id: 'c1' as ConnectionId };
const nightly: Schedule = { expression: 'cron(30 2 * * ? *)', timeZone: 'Europe/Berlin' };
const at = (iso: string) => Date.parse(iso);
const runsFrom = (schedule: Schedule, iso: string) =>
  nextRuns(schedule, { sinceMs: at(iso), afterMs: at(iso) }).map((atMs) => new Date(atMs).toISOString());

describe('schedule of a connection: clocks put forward and back', () => {
  it('runs once as soon as there is a time again, where the clock skips its own', () => {
    const [first, second] = runsFrom(nightly, '2026-03-28T12:00:00Z');

    expect(first).toBe('2026-03-29T01:00:00.000Z');
    expect(second).toBe('2026-03-30T00:30:00.000Z');
  });

  it('runs once at a time that comes twice', () => {
    const [first, second] = runsFrom(nightly, '2026-10-24T12:00:00Z');

    expect(first).toBe('2026-10-25T00:30:00.000Z');
    expect(second).toBe('2026-10-26T01:30:00.000Z');
    expect(runsFrom(nightly, '2026-10-25T00:45:00Z')[0]).toBe('2026-10-26T01:30:00.000Z');
  });

  it('goes on through both hours of the same name, where it runs every few minutes', () => {
    const often = { ...nightly, expression: 'cron(0/30 * * * ? *)' };

    expect(runsFrom(often, '2026-10-25T00:10:00Z')).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:00:00.000Z',
      '2026-10-25T01:30:00.000Z',
      '2026-10-25T02:00:00.000Z',
      '2026-10-25T02:30:00.000Z',
    ]);
  });
});

describe('schedule of a connection: due', () => {
  const kept = { own: nightly, sinceMs: at('2026-01-01T00:00:00Z'), ranAtMs: at('2026-01-05T01:30:20Z') };

  it('is due at its time, and not again after it', () => {
    expect(isDue(nightly, kept, at('2026-01-06T01:29:59Z'))).toBe(false);
    expect(isDue(nightly, kept, at('2026-01-06T01:30:00Z'))).toBe(true);
    expect(isDue(nightly, { ...kept, ranAtMs: at('2026-01-06T01:30:30Z') }, at('2026-01-06T12:00:00Z'))).toBe(
      false,
    );
  });

  it('makes up for all that was missed by one run', () => {
    const nowMs = at('2026-01-20T12:00:00Z');

    expect(isDue(nightly, kept, nowMs)).toBe(true);
    expect(isDue(nightly, { ...kept, ranAtMs: nowMs }, nowMs + 60_000)).toBe(false);
  });

  it('is due with every tick, or the first time, without anything being kept', () => {
    expect(isDue({ expression: 'rate(1 minute)', timeZone: 'UTC' }, kept, kept.ranAtMs)).toBe(true);
    expect(isDue(nightly, undefined, 0)).toBe(true);
  });

  it('is what was chosen, else the integration’s, and nothing where there is nothing to ask for', () => {
    const { poll: _, ...unpolled } = manifest;

    expect(inForce(manifest, kept)).toEqual(nightly);
    expect(inForce(manifest, undefined)).toEqual({ expression: 'rate(1 minute)', timeZone: 'UTC' });
    expect(inForce(unpolled, kept)).toBeUndefined();
  });
});

describe('schedule of a connection: choosing', () => {
  const world = () => {
    const clock = virtualClock();
    return { clock, schedules: createSchedules({ store: memoryStore({ clock }), clock }) };
  };

  it.each([
    [{ expression: 'cron(30 2 * * ? *)', timeZone: 'Mars/Olympus' }, '/timeZone'],
    [{ expression: 'every now and then', timeZone: 'UTC' }, '/expression'],
    [{ expression: 'cron(0 2 * * ? 2001)', timeZone: 'UTC' }, '/expression'],
  ])('refuses %j', async (own, pointer) => {
    await expect(world().schedules.choose(NAMED, own)).rejects.toMatchObject({
      code: 'invalid_input',
      pointer,
    });
  });

  it('begins with the choice, and is remembered until it is dropped', async () => {
    const { schedules, clock } = world();
    const sinceMs = clock.now();
    await schedules.choose(NAMED, nightly);
    expect(await schedules.read(NAMED)).toEqual({ own: nightly, sinceMs, ranAtMs: sinceMs });
    clock.advance(5_000);
    await schedules.ran(NAMED);
    expect(await schedules.read(NAMED)).toEqual({ own: nightly, sinceMs, ranAtMs: sinceMs + 5_000 });

    await schedules.choose(NAMED, undefined);

    expect(await schedules.read(NAMED)).not.toHaveProperty('own');
  });
});

describe('poll: by the connection’s own schedule', () => {
  it('asks when it is due, once for all it has missed, and not in between', async () => {
    const { platform, vendors, poll } = await twoVendors();
    const { clock, stores } = platform;
    const schedules = createSchedules({ store: stores.connections, clock });
    await schedules.choose(NAMED, { expression: 'rate(1 hour)', timeZone: 'UTC' });
    const row = (name: string) => page([ticket(name, 'a', clock.now() - 120_000)]);
    vendors.model.pages = [row('early')];
    await poll();
    expect(accepted(platform)).toBe(0);

    clock.advance(5 * 3_600_000);
    vendors.model.pages = [row('late')];
    await poll();
    expect(accepted(platform)).toBe(1);

    vendors.model.pages = [row('later')];
    await poll();
    expect(accepted(platform)).toBe(1);
  });

  it('goes on with the next tick where its time was too short', async () => {
    const { platform, vendors } = await twoVendors();
    const { clock, stores } = platform;
    const schedules = createSchedules({ store: stores.connections, clock });
    await schedules.choose(NAMED, { expression: 'rate(1 hour)', timeZone: 'UTC' });
    clock.advance(3_600_000);
    const adapter = modelAdapter(vendors.model);
    let pages = 0;
    const slow = poller(
      {
        manifest: source,
        adapter: {
          ...adapter,
          open: (opening, grant) => ({
            ...adapter.open(opening, grant),
            async *pull() {
              pages += 1;
              if (pages === 1) clock.advance(60_000);
              yield page([ticket(`x${pages}`, 'a', 1_000 * pages)], pages > 1);
            },
          }),
        },
      },
      platform,
    );
    const { ranAtMs } = (await schedules.read(NAMED))!;

    await slow({}, context);
    expect((await schedules.read(NAMED))!.ranAtMs).toBe(ranAtMs);

    await slow({}, context);
    expect((await schedules.read(NAMED))!.ranAtMs).toBe(clock.now());
  });
});
