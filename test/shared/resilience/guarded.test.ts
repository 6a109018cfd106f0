import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId, OrganizationId, RecordId } from '../../../shared/domain/index.ts';
import {
  ConflictError,
  ProviderRejectedError,
  ProviderUnavailableError,
  RateLimitedError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type {
  Connection,
  Integration,
  Manifest,
  Page,
  RemoteChange,
  WriteOutcome,
} from '../../../shared/ports/index.ts';
import {
  BREAKER,
  createLimiter,
  Gate,
  type GateDeps,
  guarded,
  openBreaker,
} from '../../../shared/resilience/index.ts';
import { memoryStore, recordedTelemetry, START_MS, seededRandom, virtualClock } from '../../memory/index.ts';

const connection = {
  id: 'c1' as ConnectionId,
  organization: 'acme' as OrganizationId,
  integration: 'model',
} as Connection;
const manifest = {
  id: 'model',
  limits: [
    { name: 'api', tokens: 100, windowMs: 86_400_000, per: 'connection' },
    { name: 'post', tokens: 1, windowMs: 1_000, per: 'place', on: ['create'] },
  ],
} as unknown as Manifest;

const reply = (root = 'C1:1'): RemoteChange => ({
  kind: 'comment',
  operation: 'create',
  record: 'r1.c1' as RecordId,
  fields: { body: 'hi' },
  rootExternalId: root as ExternalId,
  comment: { visibility: 'public', body: 'hi', author: { role: 'agent' } },
});
const rename: RemoteChange = {
  kind: 'ticket',
  operation: 'update',
  record: 'r1' as RecordId,
  fields: { subject: 'x' },
  externalId: 'C1:1' as ExternalId,
};
const copy = { kind: 'ticket', externalId: 'C1:1' as ExternalId } as const;

function world(over: Partial<GateDeps> = {}) {
  const clock = virtualClock();
  const store = memoryStore({ clock });
  const calls: string[] = [];
  const told: string[] = [];
  let answer: () => WriteOutcome = () => ({ outcome: 'settled', externalId: 'x' as ExternalId });
  const integration: Integration = {
    check: async () => ({ state: 'healthy', account: 'T1' }),
    async read() {
      calls.push('read');
      const outcome = answer();
      if (outcome.outcome !== 'settled') throw outcome.error;
      return { state: 'absent' };
    },
    async write(change) {
      calls.push(`${change.operation} ${change.kind}`);
      return answer();
    },
    async *pull(): AsyncIterable<Page> {
      calls.push('page 1');
      yield { observations: [], next: { stamp: '1', id: 'a' }, isLast: false };
      calls.push('page 2');
      yield { observations: [], next: { stamp: '2', id: 'b' }, isLast: true };
    },
  };
  const telemetry = recordedTelemetry();
  const limiter = createLimiter({ store, clock });
  const gate = () =>
    new Gate({
      manifest,
      connection,
      breaker: openBreaker({ store, clock }, connection.id),
      limiter,
      priority: 'live',
      random: seededRandom(1, clock),
      telemetry,
      place: (id) => id.split(':')[0]!,
      onAnswer: async () => void told.push('answer'),
      onFailure: async ({ code }) => void told.push(code),
      onClosed: async () => void told.push('closed'),
      ...over,
    });
  return {
    clock,
    calls,
    told,
    telemetry,
    gate,
    open: () => guarded(integration, gate()),
    answers(next: () => WriteOutcome) {
      answer = next;
    },
  };
}

const unavailable = (): WriteOutcome => ({
  outcome: 'refused',
  why: 'unavailable',
  error: new ProviderUnavailableError('down'),
});

describe('guarded integration: limits', () => {
  it('refuses a write without sending it when its place has no token left', async () => {
    const { open, calls } = world();
    await open().write!(reply('C1:1'));

    const second = await open().write!(reply('C1:2'));

    expect(second).toMatchObject({ outcome: 'refused', why: 'throttled', error: { code: 'rate_limited' } });
    expect(calls).toHaveLength(1);
    expect(await open().write!(reply('C2:1'))).toMatchObject({ outcome: 'settled' });
  });

  it('draws from a limit only what the manifest says', async () => {
    const { open } = world();
    await open().write!(reply('C1:1'));

    expect(await open().write!(rename)).toMatchObject({ outcome: 'settled' });
  });

  it('tells when to come back, at least as long as the vendor asked', async () => {
    const { open, answers } = world();
    const error = new RateLimitedError('slow down', { retryAfterMs: 30_000 });
    answers(() => ({ outcome: 'refused', why: 'throttled', error }));
    await open().write!(rename);

    const refused = await open().write!(rename);

    expect(refused).toMatchObject({ outcome: 'refused', why: 'throttled' });
    const { retryAfterMs } = (refused as unknown as { error: RateLimitedError }).error;
    expect(retryAfterMs).toBeGreaterThanOrEqual(30_000);
    await expect(open().read!(copy)).rejects.toMatchObject({ code: 'rate_limited' });
  });

  it('tells how long calls must wait, whether the vendor asked for it or its allowance is spent', async () => {
    const waits: number[] = [];
    const onThrottled = async (forMs: number) => void waits.push(forMs);
    const { open, answers, gate, clock } = world({ onThrottled });
    const error = new RateLimitedError('slow down', { retryAfterMs: 30_000 });
    answers(() => ({ outcome: 'refused', why: 'throttled', error }));

    await open().write!(rename);
    expect(waits).toEqual([30_000]);
    clock.advance(30_000);

    await gate().correct({ limit: 'api', used: 100, max: 100, atMs: START_MS });
    await open().write!(rename);
    expect(waits.at(-1)).toBeGreaterThan(60_000);
  });

  it('does not tell of what only polls must wait for', async () => {
    const waits: number[] = [];
    const { open, gate } = world({ onThrottled: async (forMs) => void waits.push(forMs), priority: 'bulk' });
    await gate().correct({ limit: 'api', used: 98, max: 100, atMs: START_MS });

    await expect(open().read!(copy)).rejects.toMatchObject({ code: 'rate_limited' });

    expect(waits).toEqual([]);
  });

  it('takes a token for every page of a pull', async () => {
    const { open, calls } = world();
    const pages: Page[] = [];
    for await (const page of open().pull!('ticket', undefined)) pages.push(page);

    expect(pages).toHaveLength(2);
    expect(calls).toEqual(['page 1', 'page 2']);
  });

  it('corrects the named limit by the vendor’s own count, and leaves an unknown name alone', async () => {
    const { open, gate } = world();
    await gate().correct({ limit: 'unheard of', used: 1, max: 1, atMs: START_MS });
    expect(await open().write!(rename)).toMatchObject({ outcome: 'settled' });

    await gate().correct({ limit: 'api', used: 100, max: 100, atMs: START_MS });

    expect(await open().write!(rename)).toMatchObject({ outcome: 'refused', why: 'throttled' });
  });
});

describe('guarded integration: breaker', () => {
  it('stops calling after five failures, and goes on when a probe is answered', async () => {
    const { open, answers, calls, clock, told, telemetry } = world();
    answers(unavailable);
    for (let at = 0; at < BREAKER.failuresToOpen; at += 1) await open().write!(rename);

    expect(await open().write!(rename)).toMatchObject({ outcome: 'refused', why: 'throttled' });
    await expect(open().read!(copy)).rejects.toMatchObject({ code: 'rate_limited' });
    expect(calls).toHaveLength(BREAKER.failuresToOpen);
    expect(telemetry.metrics.filter(({ name }) => name === 'BreakerOpen').at(-1)?.value).toBe(1);
    clock.advance(BREAKER.openMs);
    answers(() => ({ outcome: 'settled', externalId: 'x' as ExternalId }));

    expect(await open().write!(rename)).toMatchObject({ outcome: 'settled' });
    expect(told.at(-1)).toBe('closed');
    expect(telemetry.metrics.filter(({ name }) => name === 'BreakerOpen').at(-1)?.value).toBe(0);
  });

  it('counts a call of unknown fate as a failure, and a refusal of the change as an answer', async () => {
    const { open, answers, told } = world();
    const rejected = new ProviderRejectedError('no', { vendorCode: 'X' });
    for (let at = 0; at < 20; at += 1) {
      answers(() => ({ outcome: 'refused', why: 'rejected', error: rejected }));
      await open().write!(rename);
      answers(() => ({ outcome: 'uncertain', error: new ProviderRejectedError('?', { vendorCode: 'Y' }) }));
      await open().write!(rename);
    }
    expect(await open().write!(rename)).not.toMatchObject({ why: 'throttled' });

    for (let at = 0; at < BREAKER.failuresToOpen; at += 1) await open().write!(rename);

    expect(await open().write!(rename)).toMatchObject({ why: 'throttled' });
    expect(told).toContain('provider_unavailable');
  });

  it('takes an unexpected failure for silence, and a dead grant for news', async () => {
    const { open, answers, told } = world();
    answers(() => {
      throw new TypeError('boom');
    });
    await expect(open().read!(copy)).rejects.toThrow(TypeError);
    answers(() => ({
      outcome: 'refused',
      why: 'unauthorized',
      error: new ReauthorizationRequiredError('dead'),
    }));
    await open().write!(rename);

    expect(told).toEqual(['provider_unavailable', 'reauthorization_required']);
  });

  it('asks for a proof of life whatever the breaker says, and closes by it', async () => {
    const { open, answers, told } = world();
    answers(unavailable);
    for (let at = 0; at < BREAKER.failuresToOpen; at += 1) await open().write!(rename);

    expect(await open().check()).toMatchObject({ state: 'healthy' });

    expect(told.at(-1)).toBe('closed');
  });
});

describe('guarded integration: what it learns from an answer', () => {
  it('never loses what became of a write, though it cannot be written down', async () => {
    const { open, telemetry } = world({
      onAnswer: async () => {
        throw new ProviderUnavailableError('the store is throttling');
      },
    });

    expect(await open().write!(reply())).toMatchObject({ outcome: 'settled' });
    expect(telemetry.logs).toMatchObject([{ level: 'warn', facts: { code: 'provider_unavailable' } }]);
  });
});

describe('guarded integration: a door that fails', () => {
  it('refuses a write that was never sent, whatever kept it back: nobody is left in doubt', async () => {
    const broken = {
      take: async () => {
        throw new ConflictError('the bucket is at another version');
      },
    } as unknown as GateDeps['limiter'];
    const { open, calls } = world({ limiter: broken });

    expect(await open().write!(reply())).toMatchObject({ outcome: 'refused', why: 'unavailable' });
    expect(calls).toEqual([]);
  });
});
