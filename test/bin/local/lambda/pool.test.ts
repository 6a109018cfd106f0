import { mkdtempSync, writeFileSync } from 'node:fs';
import { constants, getPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { FunctionSpec } from '../../../../bin/local/lambda/function-spec.ts';
import { createPool, type Pool } from '../../../../bin/local/lambda/pool.ts';

const source = `
import { readFileSync, writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
let invocations = 0;
export const handler = async (event, context) => {
  invocations += 1;
  if (event.print) console.log(event.print);
  if (event.throw) throw new RangeError(event.throw);
  if (event.exit) process.exit(event.exit);
  if (event.sleepMs) await new Promise((resolve) => setTimeout(resolve, event.sleepMs));
  if (event.env) return process.env;
  if (event.read) return String(readFileSync(event.read));
  if (event.write) return writeFileSync(event.write, 'x') ?? 'written';
  return { pid: process.pid, priority: getPriority(), invocations, arn: context.invokedFunctionArn, leftMs: context.getRemainingTimeInMillis() };
};
export const unwise = (event, context, callback) => callback(null, 'x');
export const streaming = awslambda.streamifyResponse(async (event, stream) => {
  stream.write('one ');
  stream.end('two');
});
`;
const pools: Pool[] = [];
const lines: string[] = [];

function poolOf(
  spec: Partial<FunctionSpec> = {},
  maxConcurrency = 2,
  code = source,
  pace: Pool['pace'] = 'live',
): Pool {
  const codeDir = mkdtempSync(join(tmpdir(), 'function-'));
  writeFileSync(join(codeDir, 'index.mjs'), code);
  const whole = {
    name: 'fn',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:fn',
    handler: 'index.handler',
    codeDir,
    timeoutMs: 5_000,
    memoryMb: 256,
    environment: { GREETING: 'hello' },
    ...spec,
  };
  const pool = createPool(whole, { maxConcurrency, pace }, { line: (text) => lines.push(text) });
  pools.push(pool);
  return pool;
}

async function answer(pool: Pool, event: object): Promise<Record<string, unknown>> {
  const result = await pool.invoke(JSON.stringify(event));
  if (result.outcome === 'failed') throw new Error(`${result.errorType}: ${result.errorMessage}`);
  return JSON.parse(result.payload);
}

afterAll(async () => {
  await Promise.all(pools.map((pool) => pool.close()));
});

describe('a pool of sandboxes', () => {
  it("runs the function under AWS's own runtime client and reuses the warm process", async () => {
    const pool = poolOf();

    const first = await answer(pool, {});
    const second = await answer(pool, {});

    expect(first).toMatchObject({ invocations: 1, arn: 'arn:aws:lambda:us-east-1:000000000000:function:fn' });
    expect(first.leftMs).toBeLessThanOrEqual(5_000);
    expect(second).toMatchObject({ pid: first.pid, invocations: 2 });
    expect(pool.counts.sandboxes).toBe(1);
  });

  it('gives every concurrent invocation a process of its own, up to the limit', async () => {
    const pool = poolOf();

    const answers = await Promise.all([1, 2, 3, 4].map(() => answer(pool, { sleepMs: 50 })));

    expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2);
    expect(pool.counts.sandboxes).toBe(2);
  });

  it("passes on the template's variables and Lambda's, and nothing of the machine's", async () => {
    process.env.NOT_FOR_FUNCTIONS = 'secret';

    const environment = await answer(poolOf(), { env: true });

    expect(environment).toMatchObject({ GREETING: 'hello', AWS_LAMBDA_FUNCTION_NAME: 'fn', TZ: ':UTC' });
    expect(environment).not.toHaveProperty('NOT_FOR_FUNCTIONS');
    expect(environment).not.toHaveProperty('HOME');
  });

  it('lets the function read its code and write to /tmp, and nothing else', async () => {
    const pool = poolOf();
    const attempt = async (event: object) => {
      const result = await pool.invoke(JSON.stringify(event));
      return result.outcome === 'answered' ? 'done' : result.errorMessage;
    };

    expect(await attempt({ read: `${pool.spec.codeDir}/index.mjs` })).toBe('done');
    expect(await attempt({ write: join(tmpdir(), 'deskbridge-function-wrote') })).toBe('done');
    expect(await attempt({ read: '/etc/passwd' })).toContain('restricted');
    expect(await attempt({ write: '/var/deskbridge' })).toContain('restricted');
  });

  it('hands over what the function prints', async () => {
    await answer(poolOf(), { print: 'a line to keep' });

    await expect.poll(() => lines.some((line) => line.endsWith('a line to keep'))).toBe(true);
  });

  it('leaves the processor to the live functions when it runs in the background', async () => {
    const background = await answer(poolOf({}, 2, source, 'background'), {});
    const live = await answer(poolOf(), {});

    expect(live.priority).toBe(getPriority());
    expect(background.priority).toBe(constants.priority.PRIORITY_LOW);
  });

  it('collects a streamed response', async () => {
    const result = await poolOf({ handler: 'index.streaming' }).invoke('{}');

    expect(result).toEqual({ outcome: 'answered', payload: 'one two' });
  });
});

describe('a pool warmed up', () => {
  it('has a sandbox ready, which the first invocation takes', async () => {
    const pool = poolOf();

    await pool.warm();
    await pool.warm();

    expect(pool.counts).toMatchObject({ sandboxes: 1, coldStarts: 1, invocations: 0 });
    await answer(pool, {});
    expect(pool.counts).toMatchObject({ coldStarts: 1, invocations: 1, failures: 0 });
  });
});

describe('a function that fails', () => {
  it('keeps its process when its handler throws', async () => {
    const pool = poolOf();
    const before = await answer(pool, {});

    const result = await pool.invoke('{"throw":"too far"}');

    expect(result).toEqual({
      outcome: 'failed',
      how: 'handler',
      errorType: 'RangeError',
      errorMessage: 'too far',
    });
    expect((await answer(pool, {})).pid).toBe(before.pid);
  });

  it('is killed when it takes too long, and never reused', async () => {
    const pool = poolOf({ timeoutMs: 300 });
    const before = await answer(pool, {});

    const result = await pool.invoke('{"sleepMs":60000}');

    expect(result).toMatchObject({ outcome: 'failed', how: 'timeout', errorType: 'Sandbox.Timedout' });
    expect((await answer(pool, {})).pid).not.toBe(before.pid);
  });

  it('fails its invocation when its process exits', async () => {
    const result = await poolOf().invoke('{"exit":3}');

    expect(result).toMatchObject({ how: 'crash', errorMessage: 'runtime exited with exit status 3' });
  });

  it('says what was wrong with its module', async () => {
    const result = await poolOf({}, 1, 'throw new TypeError("bad start");').invoke('{}');

    expect(result).toMatchObject({ how: 'init', errorType: 'TypeError', errorMessage: 'bad start' });
  });

  it('may not take a callback, as on Node 24 in Lambda', async () => {
    const result = await poolOf({ handler: 'index.unwise' }).invoke('{}');

    expect(result).toMatchObject({ how: 'init', errorType: 'Runtime.CallbackHandlerDeprecated' });
  });
});

describe('a pool that is closed', () => {
  it('stops what runs and starts nothing more', async () => {
    const pool = poolOf();
    const running = pool.invoke('{"sleepMs":60000}');
    await expect.poll(() => pool.counts.sandboxes).toBe(1);
    await answer(pool, {});

    await pool.close();

    expect(await running).toMatchObject({ how: 'stopped' });
    expect(await pool.invoke('{}')).toMatchObject({ how: 'stopped' });
    expect(pool.counts.sandboxes).toBe(0);
  });
});
