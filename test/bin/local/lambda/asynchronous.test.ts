import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AsynchronousInvoker,
  startAsynchronousInvoker,
} from '../../../../bin/local/lambda/asynchronous.ts';
import type { InvocationResult } from '../../../../bin/local/lambda/function-spec.ts';
import { arnOf, type Emulator, startEmulator } from '../sqs/fixture.ts';

let emulator: Emulator;
const invokers: AsynchronousInvoker[] = [];
const lost: string[] = [];
beforeAll(async () => {
  emulator = await startEmulator();
  emulator.queue('given-up');
});
afterAll(async () => {
  await Promise.all(invokers.map((invoker) => invoker.stop()));
  await emulator.close();
});

const ok: InvocationResult = { outcome: 'answered', payload: 'null' };
const bad: InvocationResult = { outcome: 'failed', how: 'handler', errorType: 'E', errorMessage: '' };

/** Accepts one event for a function that answers `results` in turn; gives the payloads it saw. */
function accept(functionName: string, results: InvocationResult[], deadLetterArn?: string): string[] {
  const seen: string[] = [];
  const target = {
    functionName,
    maximumRetries: 2,
    deadLetterArn,
    invoke: async (payload: string) => {
      seen.push(payload);
      return results.shift() ?? ok;
    },
  };
  const invoker = startAsynchronousInvoker({
    queues: emulator.queues,
    targets: [target],
    retryDelaysSeconds: [0, 0],
    onLost: (name) => lost.push(name),
  });
  invokers.push(invoker);
  invoker.accept(functionName, '{"n":1}');
  return seen;
}

const isEmpty = (functionName: string) => {
  const { visible, inFlight, delayed } = emulator.queues.depth(`lambda-async-${functionName}`);
  return visible + inFlight + delayed === 0;
};

describe('an asynchronous invocation', () => {
  it('happens once when the function is done', async () => {
    const seen = accept('fine', []);

    await expect.poll(() => isEmpty('fine')).toBe(true);
    expect(seen).toEqual(['{"n":1}']);
  });

  it('is tried twice more when the function fails, then goes to its dead-letter queue', async () => {
    const seen = accept('failing', [bad, bad, bad], arnOf('given-up'));

    await expect.poll(() => emulator.queues.depth('given-up').visible).toBe(1);
    expect(seen).toHaveLength(3);
    expect(isEmpty('failing')).toBe(true);
  });

  it('is reported as lost where it has no dead-letter queue', async () => {
    accept('orphan', [bad, bad, bad]);

    await expect.poll(() => lost).toEqual(['orphan']);
  });

  it('costs no attempt when it is the hub that stops', async () => {
    const stopped: InvocationResult = { ...bad, how: 'stopped' } as InvocationResult;
    const seen = accept('stopping', [stopped]);

    await expect.poll(() => isEmpty('stopping')).toBe(true);
    expect(seen).toHaveLength(2);
  });
});
