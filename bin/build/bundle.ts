import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import type { FunctionEntry } from '../../lib/functions.ts';

const undici = new URL('./undici.ts', import.meta.url).pathname;

/** Measured settings: LIBRARIES, Build facts. `keepNames` is for libraries that read constructor names. */
export const ESBUILD_SETTINGS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  keepNames: true,
  mainFields: ['module', 'main'],
  legalComments: 'none',
  alias: { undici },
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

export const bundlePath = (outDir: string, name: string): string => join(outDir, name, 'index.mjs');

/** All functions in one run: they share nearly every input, so this costs little more than one of them. */
export async function bundleFunctions(
  root: string,
  outDir: string,
  functions: readonly FunctionEntry[],
): Promise<Metafile> {
  const result = await build({
    ...ESBUILD_SETTINGS,
    absWorkingDir: root,
    entryPoints: Object.fromEntries(functions.map(({ name, entry }) => [`${name}/index`, entry])),
    outdir: outDir,
    outExtension: { '.js': '.mjs' },
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  await Promise.all(result.outputFiles.map((file) => replaceFile(file.path, file.contents)));
  return result.metafile;
}

/** A running hub may be loading the old bundle: it sees the old one or the new one, never half of one. */
async function replaceFile(path: string, contents: Uint8Array): Promise<void> {
  const existing = await readFile(path).catch(() => undefined);
  if (existing?.equals(contents)) return;
  await mkdir(dirname(path), { recursive: true });
  const fresh = `${path}.${process.pid}`;
  await writeFile(fresh, contents);
  await rename(fresh, path);
}
