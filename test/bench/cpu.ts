import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from './figure.ts';

const run = promisify(execFile);
const CHILD = new URL('./cpu-child.ts', import.meta.url).pathname;

export interface CpuRun {
  readonly bundle: string;
  readonly events: number;
  readonly connection?: string;
  readonly env: Readonly<Record<string, string>>;
}

/** CPU microseconds per event, user and system, each bundle in processes of its own, rounds interleaved. */
export async function cpuPerEventUs(
  runs: Readonly<Record<string, CpuRun>>,
  rounds = 5,
): Promise<Record<string, number>> {
  const samples = new Map<string, number[]>(Object.keys(runs).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, one] of Object.entries(runs)) samples.get(name)?.push(await once(one, round));
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, median(values)]));
}

async function once(one: CpuRun, round: number): Promise<number> {
  const offset = String(round * (one.events + 1_000) + Math.floor(Math.random() * 1e6) * 10_000);
  const args = ['--no-warnings', CHILD, one.bundle, String(one.events), one.connection ?? 'bench'];
  const env = { PATH: process.env.PATH ?? '', BENCH_OFFSET: offset, ...one.env };
  const { stdout } = await run(process.execPath, args, { env, maxBuffer: 256 * 1024 * 1024 }).catch(
    (error: { stderr?: string }) => {
      throw new Error(`${one.bundle} failed: ${error.stderr?.slice(-1_000)}`);
    },
  );
  const microseconds = Number(/^CPU ([\d.]+)$/m.exec(stdout)?.[1]);
  if (!Number.isFinite(microseconds))
    throw new Error(`no CPU figure from ${one.bundle}: ${stdout.slice(-500)}`);
  return microseconds;
}
