import { randomUUID } from 'node:crypto';
import type { Pace } from '../../../lib/constructs/pace.ts';
import type { FunctionSpec, InvocationResult } from './function-spec.ts';
import { type Sandbox, type SandboxOutput, startSandbox } from './sandbox.ts';

export interface Pool {
  readonly spec: FunctionSpec;
  readonly pace: Pace;
  /** Waits for a free sandbox, then runs. Never rejects. */
  invoke(payload: string): Promise<InvocationResult>;
  /** Has one sandbox ready before anybody asks, as Lambda may; fulfils when it has initialized. */
  warm(): Promise<void>;
  /** Since the hub started. */
  readonly counts: PoolCounts;
  close(): Promise<void>;
}

export interface PoolCounts {
  readonly sandboxes: number;
  readonly invocations: number;
  readonly failures: number;
  readonly coldStarts: number;
  /** Summed over all invocations, cold starts included. */
  readonly busyMs: number;
}

const stopped: InvocationResult = {
  outcome: 'failed',
  how: 'stopped',
  errorType: 'Runtime.Stopped',
  errorMessage: 'the local hub is stopping',
};

interface PoolOptions {
  readonly maxConcurrency: number;
  readonly pace: Pace;
}

/**
 * The sandboxes of one function at one pace: a process per concurrent invocation, the most recently used first, as
 * many as `maxConcurrency`; more callers wait in order.
 */
export function createPool(
  spec: FunctionSpec,
  { maxConcurrency, pace }: PoolOptions,
  output: SandboxOutput,
): Pool {
  const all = new Set<Sandbox>();
  const idle: Sandbox[] = [];
  const waiting: (() => void)[] = [];
  const counts = { invocations: 0, failures: 0, coldStarts: 0, busyMs: 0 };
  let running = 0;
  let isClosed = false;

  async function claim(): Promise<Sandbox> {
    return idle.pop() ?? (await start());
  }

  async function start(): Promise<Sandbox> {
    counts.coldStarts += 1;
    const sandbox = await startSandbox(spec, pace, output);
    if (isClosed) await sandbox.stop();
    else all.add(sandbox);
    sandbox.gone.then(() => {
      all.delete(sandbox);
      const index = idle.indexOf(sandbox);
      if (index >= 0) idle.splice(index, 1);
    });
    return sandbox;
  }

  async function run(payload: string): Promise<InvocationResult> {
    const sandbox = await claim();
    if (isClosed) {
      await sandbox.stop();
      return stopped;
    }
    const startedAtMs = performance.now();
    const result = await sandbox.invoke(randomUUID(), payload);
    counts.invocations += 1;
    counts.busyMs += performance.now() - startedAtMs;
    if (result.outcome === 'failed') counts.failures += 1;
    if (result.outcome === 'answered' || result.how === 'handler') idle.push(sandbox);
    return isClosed && result.outcome === 'failed' ? stopped : result;
  }

  return {
    spec,
    pace,
    get counts() {
      return { sandboxes: all.size, ...counts, busyMs: Math.round(counts.busyMs) };
    },
    invoke: async (payload) => {
      if (running >= maxConcurrency) await new Promise<void>((resolve) => waiting.push(resolve));
      else running += 1;
      try {
        return isClosed ? stopped : await run(payload);
      } finally {
        // The place goes to the next in line without being given up, so none can slip in between.
        const next = waiting.shift();
        if (next === undefined) running -= 1;
        else next();
      }
    },
    warm: async () => {
      if (isClosed || all.size > 0) return;
      const sandbox = await start();
      idle.unshift(sandbox);
      await sandbox.initialized;
    },
    close: async () => {
      isClosed = true;
      await Promise.all([...all].map((sandbox) => sandbox.stop()));
    },
  };
}
