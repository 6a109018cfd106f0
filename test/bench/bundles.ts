import { mkdtemp, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { BUNDLE_SETTINGS } from '../../bin/build/bundle.ts';
import { buildFunctions } from '../../bin/build.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

export interface Bundle {
  readonly path: string;
  readonly kilobytes: number;
}

/** The deployed bundles, by function name. */
export async function deployedBundles(): Promise<Readonly<Record<string, Bundle>>> {
  const { outDir, sizes } = await buildFunctions();
  return Object.fromEntries(
    Object.entries(sizes).map(([name, bytes]) => [
      name,
      { path: join(outDir, name, 'index.mjs'), kilobytes: bytes / 1024 },
    ]),
  );
}

/** An entry of the bench's own, bundled as ours are; a baseline keeps its own dependencies unaliased. */
export async function benchBundle(entry: string, isBaseline: boolean): Promise<Bundle> {
  const { alias, plugins, metafile: _, write: __, outExtension: ___, ...plain } = BUNDLE_SETTINGS;
  const outfile = join(await mkdtemp(join(tmpdir(), 'deskbridge-bench-')), 'index.mjs');
  await build({
    ...plain,
    ...(!isBaseline && { alias, plugins }),
    absWorkingDir: ROOT,
    entryPoints: [`test/bench/entries/${entry}.ts`],
    outfile,
    logLevel: 'error',
  });
  return { path: outfile, kilobytes: (await stat(outfile)).size / 1024 };
}
