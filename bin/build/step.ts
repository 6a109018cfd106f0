import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Step<Result> {
  readonly name: string;
  /** What the step is asked for; another request is another build. */
  readonly request: unknown;
  /** Whether what an earlier run made is still there. */
  readonly isWhole: () => boolean;
  readonly run: () => Promise<{ readonly inputs: Iterable<string>; readonly result: Result }>;
}

interface StepRecord<Result> {
  readonly request: unknown;
  /** Path relative to the root, and the hash of the content the result was made from. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly result: Result;
}

export interface Place {
  readonly root: string;
  readonly outDir: string;
}

/** Runs a step, or gives what it gave last time where neither its request nor any of its inputs has changed. */
export async function runStep<Result>(
  { root, outDir }: Place,
  step: Step<Result>,
): Promise<{ readonly isFresh: boolean; readonly result: Result }> {
  const path = join(outDir, `${step.name}.json`);
  const last = await lastRun<Result>(path);
  const isSame = JSON.stringify(last?.request) === JSON.stringify(step.request);
  if (last && isSame && step.isWhole() && (await isUnchanged(root, last.inputs))) {
    return { isFresh: false, result: last.result };
  }
  const { inputs, result } = await step.run();
  const record: StepRecord<Result> = {
    request: step.request,
    inputs: await fingerprint(root, inputs),
    result,
  };
  await mkdir(outDir, { recursive: true });
  await writeFile(path, JSON.stringify(record));
  return { isFresh: true, result };
}

/** A record that cannot be read, say of a build that was cut off, is none. */
async function lastRun<Result>(path: string): Promise<StepRecord<Result> | undefined> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as StepRecord<Result>;
  } catch {
    return undefined;
  }
}

/** Packages are pinned by the lockfile, so its hash stands for all of them. */
async function fingerprint(root: string, inputs: Iterable<string>): Promise<Record<string, string>> {
  const own = [...inputs].filter((path) => !path.includes('node_modules/') && !path.includes(':'));
  const paths = [...new Set([...own, 'package-lock.json', 'tsconfig.json'])].sort();
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await hashOf(join(root, path))])),
  );
}

async function isUnchanged(root: string, last: StepRecord<unknown>['inputs']): Promise<boolean> {
  const now = await fingerprint(root, Object.keys(last));
  return Object.entries(last).every(([path, hash]) => now[path] === hash);
}

async function hashOf(path: string): Promise<string> {
  const content = await readFile(path).catch(() => undefined);
  return content === undefined ? 'missing' : createHash('sha256').update(content).digest('hex');
}
