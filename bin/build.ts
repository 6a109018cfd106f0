import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { catalog } from '../functions/catalog.ts';
import { allFunctions, type FunctionEntry, functionsOf, platformFunctions } from '../lib/functions.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { bundleFunctions, bundlePath } from './build/bundle.ts';
import { type Fingerprint, filesUnder, fingerprint, isUnchanged } from './build/cache.ts';
import { buildConsole, CONSOLE_APP } from './build/console.ts';
import { checkVerifiers } from './build/verifiers.ts';

const ROOT = new URL('..', import.meta.url).pathname.replace(/\/$/, '');

export interface BuildOptions {
  readonly outDir?: string;
  /** Leave out functions whose entry file is not there, instead of refusing. */
  readonly allowMissing?: boolean;
}

export interface BuildReport {
  readonly outDir: string;
  readonly isFresh: boolean;
  /** Bytes of each function's bundle. */
  readonly sizes: Readonly<Record<string, number>>;
}

interface BuildRecord {
  readonly functions: readonly FunctionEntry[];
  readonly inputs: Fingerprint;
  readonly sizes: Readonly<Record<string, number>>;
}

/** Bundles every function of the catalog and the platform; does nothing where nothing has changed. */
export async function buildFunctions(options: BuildOptions = {}): Promise<BuildReport> {
  const outDir = options.outDir ?? join(ROOT, '.build');
  const functions = presentFunctions(options.allowMissing ?? false);
  const recordPath = join(outDir, 'build.json');
  const last = await lastBuild(recordPath);
  if (last && (await isCurrent(last, functions, outDir)))
    return { outDir, isFresh: false, sizes: last.sizes };

  const names = new Set(functions.map(({ name }) => name));
  await checkVerifiers(
    ROOT,
    catalog.filter((manifest) => names.has(functionsOf(manifest).inbound?.name ?? '')),
  );
  const metafile = await bundleFunctions(ROOT, outDir, functions);
  const consoleFiles = await filesUnder(ROOT, CONSOLE_APP);
  if (consoleFiles.length > 0) await buildConsole(ROOT, join(outDir, platformFunctions.console.name, 'app'));
  const sizes = Object.fromEntries(
    functions.map(({ name }) => [name, bytesOf(metafile.outputs, `${name}/index.mjs`)]),
  );
  const inputs = await fingerprint(ROOT, [
    ...Object.keys(metafile.inputs),
    ...consoleFiles,
    ...(await filesUnder(ROOT, 'bin/build')),
    'bin/build.ts',
    'functions/catalog.ts',
    'tsconfig.json',
  ]);
  await mkdir(outDir, { recursive: true });
  await writeFile(recordPath, JSON.stringify({ functions, inputs, sizes } satisfies BuildRecord));
  return { outDir, isFresh: true, sizes };
}

function presentFunctions(allowMissing: boolean): readonly FunctionEntry[] {
  const [missing, present] = [false, true].map((isThere) =>
    allFunctions().filter(({ entry }) => existsSync(join(ROOT, entry)) === isThere),
  ) as [FunctionEntry[], FunctionEntry[]];
  if (missing.length > 0 && !allowMissing) {
    throw new ConfigurationError(
      `no entry file at ${missing.map(({ entry }) => entry).join(', ')}, expected one for each function the manifests declare`,
    );
  }
  return present;
}

async function lastBuild(path: string): Promise<BuildRecord | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as BuildRecord);
}

async function isCurrent(
  last: BuildRecord,
  functions: readonly FunctionEntry[],
  outDir: string,
): Promise<boolean> {
  const isSameSet = JSON.stringify(last.functions) === JSON.stringify(functions);
  const isWhole = functions.every(({ name }) => existsSync(bundlePath(outDir, name)));
  const consoleFiles = await filesUnder(ROOT, CONSOLE_APP);
  const hasSameConsole = consoleFiles.every((path) => path in last.inputs);
  return isSameSet && isWhole && hasSameConsole && (await isUnchanged(ROOT, last.inputs));
}

function bytesOf(outputs: Readonly<Record<string, { bytes: number }>>, suffix: string): number {
  const found = Object.entries(outputs).find(([path]) => path.endsWith(suffix));
  return found?.[1].bytes ?? 0;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { 'allow-missing': { type: 'boolean' }, meta: { type: 'boolean' } },
  });
  const startedAtMs = performance.now();
  const report = await buildFunctions({ allowMissing: values['allow-missing'] ?? false });
  if (values.meta) return void console.log(JSON.stringify(report.sizes));
  const count = Object.keys(report.sizes).length;
  const tookMs = Math.round(performance.now() - startedAtMs);
  console.log(`${count} functions ${report.isFresh ? 'built' : 'unchanged'} in ${tookMs} ms`);
}

if (import.meta.main) {
  await main().catch((error: Error) => {
    console.error(error instanceof ConfigurationError ? error.message : error);
    process.exitCode = 1;
  });
}
