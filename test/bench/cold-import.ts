import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { median } from './figure.ts';

const run = promisify(execFile);
const ROUNDS = 11;

/** As in Lambda: node:http is loaded before the function's code is. */
const PROBE = `
  await import('node:http'); await import('node:https');
  const startedAt = performance.now();
  await import(process.argv[1]);
  process.stdout.write(String(performance.now() - startedAt));
  process.exit(0);
`;

/** Milliseconds a fresh process needs to import each bundle: medians of interleaved rounds. */
export async function coldImportMs(
  bundles: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>>,
  rounds: number = ROUNDS,
): Promise<Record<string, number>> {
  const samples = new Map<string, number[]>(Object.keys(bundles).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, path] of Object.entries(bundles)) samples.get(name)?.push(await importOnce(path, env));
  }
  return Object.fromEntries([...samples].map(([name, values]) => [name, median(values)]));
}

async function importOnce(path: string, env: Readonly<Record<string, string>>): Promise<number> {
  const args = ['--input-type=module', '-e', PROBE, path];
  const { stdout } = await run(process.execPath, args, { env: { PATH: process.env.PATH ?? '', ...env } });
  const milliseconds = Number(stdout);
  if (!Number.isFinite(milliseconds)) throw new Error(`no time came back from importing ${path}: ${stdout}`);
  return milliseconds;
}
