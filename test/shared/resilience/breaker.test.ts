import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import {
  admit,
  afterAnswer,
  afterFailure,
  BREAKER,
  type Breaker,
  CLOSED,
  countOpenBreakers,
  openBreaker,
  readBreaker,
} from '../../../shared/resilience/index.ts';
import { memoryStore, virtualClock } from '../../memory/index.ts';

const failed = (times: number, nowMs: number, from: Breaker = CLOSED): Breaker =>
  Array.from({ length: times }).reduce<Breaker>((breaker) => afterFailure(breaker, nowMs), from);

describe('breaker: states', () => {
  it('opens after five failures in a row, and not when an answer came between', () => {
    expect(failed(4, 0).state).toBe('closed');
    expect(failed(5, 0)).toEqual({ state: 'open', untilMs: BREAKER.openMs, opens: 1 });
    expect(failed(4, 0, afterAnswer(failed(4, 0))).state).toBe('closed');
  });

  it('lets nobody through while open, then one probe, and nobody else until it has answered', () => {
    const open = failed(5, 0);
    expect(admit(open, BREAKER.openMs - 1)).toEqual({ isAdmitted: false, retryAfterMs: 1 });

    const admission = admit(open, BREAKER.openMs);
    expect(admission).toMatchObject({ isAdmitted: true, next: { state: 'half-open' } });
    const probing = admission.isAdmitted ? admission.next! : open;

    expect(admit(probing, BREAKER.openMs + 1)).toMatchObject({ isAdmitted: false });
    expect(admit(probing, BREAKER.openMs + BREAKER.probeMs)).toMatchObject({ isAdmitted: true });
  });

  it('closes on the probe’s answer, and opens for longer on its failure, up to a minute', () => {
    const probing: Breaker = { state: 'half-open', probeUntilMs: 1, opens: 1 };

    expect(afterAnswer(probing)).toEqual(CLOSED);
    expect(afterFailure(probing, 0)).toEqual({ state: 'open', untilMs: 2 * BREAKER.openMs, opens: 2 });
    expect(afterFailure({ ...probing, opens: 50 }, 0)).toMatchObject({ untilMs: BREAKER.maxOpenMs });
  });

  it('never waits longer than a minute, whatever happened before', () => {
    const event = fc.record({ isFailure: fc.boolean(), afterMs: fc.nat(90_000) });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80 }), (events) => {
        let [breaker, nowMs]: [Breaker, number] = [CLOSED, 0];
        for (const { isFailure, afterMs } of events) {
          nowMs += afterMs;
          const admission = admit(breaker, nowMs);
          if (!admission.isAdmitted) {
            expect(admission.retryAfterMs).toBeLessThanOrEqual(BREAKER.maxOpenMs);
            continue;
          }
          breaker = admission.next ?? breaker;
          breaker = isFailure ? afterFailure(breaker, nowMs) : afterAnswer(breaker);
        }
      }),
    );
  });
});

describe('breaker: over functions', () => {
  const connection = 'c1' as ConnectionId;
  function world() {
    const clock = virtualClock();
    const store = memoryStore({ clock });
    return { clock, store, session: () => openBreaker({ store, clock }, connection) };
  }

  it('is counted while it is open or probing, and no more once it is closed or long untouched', async () => {
    const { session, clock, store } = world();
    const count = () => countOpenBreakers(store, clock.now());
    for (let at = 0; at < 4; at += 1) await session().report('failure');
    expect(await count()).toBe(0);

    await session().report('failure');
    expect(await count()).toBe(1);
    clock.advance(3_600_000);
    expect(await count()).toBe(1);

    const probing = session();
    await probing.admit();
    expect(await count()).toBe(1);
    await probing.report('answer');
    expect(await count()).toBe(0);

    for (let at = 0; at < 5; at += 1) await session().report('failure');
    clock.advance(BREAKER.forgottenMs + BREAKER.openMs + 1);
    expect(await count()).toBe(0);
  });

  it('outlives the function that tripped it', async () => {
    const { session, clock, store } = world();
    for (let at = 0; at < 5; at += 1) await session().report('failure');

    expect(await session().admit()).toEqual({ isAdmitted: false, retryAfterMs: BREAKER.openMs });
    expect(await readBreaker(store, connection)).toMatchObject({ state: 'open' });
    clock.advance(BREAKER.openMs);

    expect(await session().admit()).toMatchObject({ isAdmitted: true });
  });

  it('lets exactly one of many functions probe', async () => {
    const { session, clock } = world();
    for (let at = 0; at < 5; at += 1) await session().report('failure');
    clock.advance(BREAKER.openMs);

    const admissions = await Promise.all(Array.from({ length: 8 }, () => session().admit()));

    expect(admissions.filter(({ isAdmitted }) => isAdmitted)).toHaveLength(1);
  });

  it('tells the moment it closes, once, and writes nothing while all is well', async () => {
    const { session, clock, store } = world();
    await session().report('answer');
    expect(store.items()).toEqual([]);
    for (let at = 0; at < 5; at += 1) await session().report('failure');
    clock.advance(BREAKER.openMs);
    const probe = session();
    await probe.admit();

    expect(await probe.report('answer')).toBe('closed');
    expect(await probe.report('answer')).toBe('unchanged');
  });

  it('lets the probing function make all its calls', async () => {
    const { session, clock } = world();
    for (let at = 0; at < 5; at += 1) await session().report('failure');
    clock.advance(BREAKER.openMs);
    const probe = session();

    expect(await probe.admit()).toMatchObject({ isAdmitted: true });
    expect(await probe.admit()).toMatchObject({ isAdmitted: true });
    expect(await session().admit()).toMatchObject({ isAdmitted: false });
  });
});
