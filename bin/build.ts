import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { allFunctions, type FunctionEntry, platformFunctions } from '../lib/functions.ts';
import { ConfigurationError } from '../shared/errors.ts';
import { bundleStep, type Sizes } from './build/bundle.ts';
import { consoleStep } from './build/console.ts';
import { runStep } from './build/step.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '');

export interface BuildOptions {
  readonly outDir?: string;
  /** Leave out functions whose entry file is not there, instead of refusing. */
  readonly allowMissing?: boolean;
  /** What to build; every function of the catalog and the platform unless told. */
  readonly functions?: readonly FunctionEntry[];
}

export interface BuildReport {
  readonly outDir: string;
  /** Something had changed and was built again. */
  readonly isFresh: boolean;
  readonly sizes: Sizes;
}

/** Bundles every function into `<outDir>/<name>/index.mjs`; does nothing where nothing has changed. */
export async function buildFunctions(options: BuildOptions = {}): Promise<BuildReport> {
  const place = { root: ROOT, outDir: options.outDir ?? join(ROOT, '.build') };
  const functions = presentOf(options.functions ?? allFunctions(), options.allowMissing ?? false);
  const bundles = await runStep(place, bundleStep(place, functions));
  if (!functions.includes(platformFunctions.console)) {
    return { outDir: place.outDir, isFresh: bundles.isFresh, sizes: bundles.result };
  }
  const page = await runStep(place, await consoleStep(place));
  return { outDir: place.outDir, isFresh: bundles.isFresh || page.isFresh, sizes: bundles.result };
}

function presentOf(functions: readonly FunctionEntry[], allowMissing: boolean): readonly FunctionEntry[] {
  const present = functions.filter(({ entry }) => existsSync(join(ROOT, entry)));
  const missing = functions.filter((each) => !present.includes(each));
  if (missing.length === 0 || allowMissing) return present;
  const entries = missing.map(({ entry }) => entry).join(', ');
  throw new ConfigurationError(
    `no entry file at ${entries}, expected one for each function the manifests declare`,
  );
}

export async function main(args: string[]): Promise<void> {
  await build(args).catch((error: Error) => {
    console.error(error instanceof ConfigurationError ? error.message : error);
    process.exitCode = 1;
  });
}

async function build(args: string[]): Promise<void> {
  const { values } = parseArgs({
    args,
    options: { 'allow-missing': { type: 'boolean' }, meta: { type: 'boolean' } },
  });
  const startedAtMs = performance.now();
  const { sizes, isFresh } = await buildFunctions({ allowMissing: values['allow-missing'] ?? false });
  if (values.meta) return void console.log(JSON.stringify(sizes));
  const tookMs = Math.round(performance.now() - startedAtMs);
  console.log(`${Object.keys(sizes).length} functions ${isFresh ? 'built' : 'unchanged'} in ${tookMs} ms`);
}

if (import.meta.main) {
  await main(process.argv.slice(2));
}
