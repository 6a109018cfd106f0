import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority, tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pace } from '../../../lib/constructs/pace.ts';
import type { FunctionSpec, InvocationResult } from './function-spec.ts';
import { sandboxEnvironment } from './function-spec.ts';
import { type RuntimeApi, type RuntimeReport, startRuntimeApi } from './runtime-api.ts';
import { preloadUrl } from './sandbox-files.ts';

/** One execution environment: one process, one invocation at a time, reused while it lives. */
export interface Sandbox {
  /** Settles once, whatever becomes of the process; never rejects. */
  invoke(id: string, payload: string): Promise<InvocationResult>;
  /** Fulfils when its init phase is over, well or badly. */
  readonly initialized: Promise<void>;
  /** Fulfils when the process is gone. */
  readonly gone: Promise<void>;
  stop(): Promise<void>;
}

export interface SandboxOutput {
  /** One line of what the function printed. */
  line(text: string): void;
}

/** AWS gives the init phase ten seconds before it kills the environment. */
const initTimeoutMs = 10_000;
const runtimeClient = fileURLToPath(import.meta.resolve('aws-lambda-ric'));

export async function startSandbox(spec: FunctionSpec, pace: Pace, output: SandboxOutput): Promise<Sandbox> {
  const ready = Promise.withResolvers<InvocationResult | undefined>();
  let current: PromiseWithResolvers<InvocationResult> | undefined;

  const onReport = (report: RuntimeReport): void => {
    if (report.report === 'ready') ready.resolve(undefined);
    else if (report.report === 'init-failed') ready.resolve(failure('init', report.body));
    else if (report.report === 'failed') current?.resolve(failure('handler', report.body));
    else current?.resolve({ outcome: 'answered', payload: report.body });
  };
  const api = await startRuntimeApi(onReport);
  const child = spawnRuntime(spec, api, await preloadUrl());
  if (pace === 'background') giveWay(child);
  const gone = ending(child).then((how) => {
    api.close();
    const crash = failed('crash', 'Runtime.ExitError', `runtime exited with ${how}`);
    ready.resolve({ ...crash, how: 'init' });
    current?.resolve(crash);
  });
  for (const stream of [child.stdout, child.stderr]) eachLine(stream, output.line);
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };

  return {
    initialized: ready.promise.then(() => undefined),
    gone,
    stop,
    invoke: async (id, payload) => {
      const initFailure = await withDeadline(ready.promise, initTimeoutMs, timedOut(initTimeoutMs));
      if (initFailure !== undefined) {
        await stop();
        return initFailure;
      }
      current = Promise.withResolvers();
      api.deliver({ id, payload, deadlineMs: Date.now() + spec.timeoutMs, functionArn: spec.arn });
      const result = await withDeadline(current.promise, spec.timeoutMs, timedOut(spec.timeoutMs));
      if (result.outcome === 'failed' && result.how !== 'handler') await stop();
      return result;
    },
  };
}

function spawnRuntime(spec: FunctionSpec, api: RuntimeApi, preload: string): ChildProcess {
  const heapMb = Math.max(64, Math.floor(spec.memoryMb * 0.9));
  const readable = [spec.codeDir, dirname(runtimeClient), dirname(fileURLToPath(preload)), tmpdir()];
  const flags = [
    `--max-old-space-size=${heapMb}`,
    '--disable-warning=ExperimentalWarning',
    // As in Lambda: the code can't be written, /tmp can, and there is nothing else.
    '--permission',
    // The thread in which a mapping's expressions run.
    '--allow-worker',
    ...readable.map((path) => `--allow-fs-read=${path}`),
    `--allow-fs-write=${tmpdir()}`,
    '--import',
    preload,
  ];
  return spawn(process.execPath, [...flags, runtimeClient], {
    cwd: spec.codeDir,
    env: sandboxEnvironment(spec, api.address),
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
}

/** On Lambda no two environments share a processor; here the background takes what is left of it. */
function giveWay({ pid }: ChildProcess): void {
  if (pid !== undefined) setPriority(pid, constants.priority.PRIORITY_LOW);
}

function ending(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exit status ${code}` : `signal ${signal}`),
    );
  });
}

function failed(
  how: 'crash' | 'timeout',
  errorType: string,
  errorMessage: string,
): Extract<InvocationResult, { outcome: 'failed' }> {
  return { outcome: 'failed', how, errorType, errorMessage };
}

function timedOut(afterMs: number): InvocationResult {
  return failed(
    'timeout',
    'Sandbox.Timedout',
    `task timed out after ${(afterMs / 1_000).toFixed(2)} seconds`,
  );
}

function failure(how: 'handler' | 'init', body: string): InvocationResult {
  let error: { errorType?: string; errorMessage?: string } = {};
  try {
    error = JSON.parse(body);
  } catch {
    error = { errorMessage: body };
  }
  const { errorType = 'Error', errorMessage = '' } = error;
  return { outcome: 'failed', how, errorType, errorMessage };
}

function withDeadline<Value>(promise: Promise<Value>, timeoutMs: number, late: Value): Promise<Value> {
  const { promise: deadline, resolve } = Promise.withResolvers<Value>();
  const timer = setTimeout(() => resolve(late), timeoutMs);
  return Promise.race([promise, deadline]).finally(() => clearTimeout(timer));
}

function eachLine(stream: NodeJS.ReadableStream | null, take: (line: string) => void): void {
  let rest = '';
  stream?.setEncoding('utf8');
  stream?.on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
  stream?.on('end', () => {
    if (rest !== '') take(rest);
  });
}
