import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import {
  ConflictError,
  InvariantError,
  ProviderUnavailableError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import { consume, react } from '../../../shared/resilience/index.ts';
import { correlationOf } from '../../../shared/telemetry/index.ts';
import { recordedTelemetry, START_MS, virtualClock } from '../../memory/index.ts';

const change = { type: 'change', organization: 'acme', connection: 'c1', inbox: 'e1' };
const record = (id: string, body: unknown = change): SQSRecord =>
  ({
    messageId: id,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { ApproximateReceiveCount: '2' },
  }) as SQSRecord;
const event = (...Records: SQSRecord[]): SQSEvent => ({ Records });
const context = { getRemainingTimeInMillis: () => 30_000 };

function world() {
  const telemetry = recordedTelemetry();
  return { telemetry, deps: { telemetry, clock: virtualClock() } };
}

describe('queue consumer', () => {
  it('hands over message and deadline, and reports nothing failed', async () => {
    const { deps } = world();
    const seen: unknown[] = [];

    const result = await consume(
      deps,
      async (message, { deadlineMs }) => void seen.push([message, deadlineMs]),
    )(event(record('1')), context);

    expect(result).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([[change, START_MS + 30_000]]);
  });

  it('names the record and the cause of work it gives back, as the engine does', async () => {
    const { deps, telemetry } = world();
    const work = { type: 'reconcile', organization: 'acme', connection: 'c2', root: 'r1', wake: 'w1' };
    const fail = async () => {
      throw new ProviderUnavailableError('away');
    };

    await consume(deps, fail)(event(record('1', { ...work, correlation: 'abc' })), context);
    await consume(deps, fail)(event(record('2', work)), context);

    const about = { organization: 'acme', connection: 'c2', record: 'r1' };
    expect(telemetry.logs.map(({ subject }) => subject)).toEqual([
      { ...about, correlation: 'abc' },
      { ...about, correlation: '2' },
    ]);
  });

  it('gives a failed message back with all after it, so that none overtakes', async () => {
    const { deps, telemetry } = world();
    const handle = async (message: unknown) => {
      if ((message as { inbox: string }).inbox === 'e2') throw new ProviderUnavailableError('away');
    };

    const result = await consume(deps, handle)(
      event(record('1'), record('2', { ...change, inbox: 'e2' }), record('3')),
      context,
    );

    expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '3' }] });
    expect(telemetry.logs).toMatchObject([
      {
        level: 'warn',
        subject: { organization: 'acme', connection: 'c1', correlation: correlationOf('c1', 'e2') },
        facts: { code: 'provider_unavailable', receives: 2 },
      },
    ]);
  });

  it.each([['not json'], ['null'], ['[]'], [{ type: 'else' }], [{ type: 'change', organization: 'acme' }]])(
    'gives back what is no message of the hub: %j',
    async (body) => {
      const { deps } = world();

      const result = await consume(deps, async () => {})(event(record('1', body)), context);

      expect(result).toEqual({ batchItemFailures: [{ itemIdentifier: '1' }] });
    },
  );

  it('logs neither a message’s words nor an error’s', async () => {
    const { deps, telemetry } = world();
    const secret = 'xoxb-canary-secret';

    await consume(deps, async () => {
      throw new Error(secret);
    })(event(record('1', { ...change, inbox: secret })), context);

    expect(JSON.stringify(telemetry.logs)).not.toContain(secret);
  });
});

describe('reaction to queue action', () => {
  it.each([
    [new ProviderUnavailableError('x'), 'warn'],
    [new ConflictError('x'), 'warn'],
    [new ReauthorizationRequiredError('x'), 'error'],
    [new InvariantError('x'), 'error'],
    [new Error('x'), 'error'],
  ])('keeps the message of %s', (error, level) => {
    expect(react(error)).toEqual({ action: 'return', level });
  });
});
