import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { writeWhole } from '../kept-file.ts';

const cache = fileURLToPath(new URL('../../../.cache/sandbox/', import.meta.url));
const names = ['rapid-client', 'preload'] as const;

/**
 * Address of the preload as plain JavaScript, with the client beside it. Every sandbox loads them, and
 * stripping types there would cost each cold start 80 ms of CPU, a quarter of it.
 */
export async function preloadUrl(): Promise<string> {
  const sources = names.map((name) => readFileSync(new URL(`./${name}.ts`, import.meta.url), 'utf8'));
  const version = createHash('sha256').update(sources.join()).digest('hex').slice(0, 16);
  for (const [index, name] of names.entries()) {
    const path = join(cache, version, `${name}.mjs`);
    if (existsSync(path)) continue;
    const { transform } = await import('esbuild');
    const { code } = await transform(sources[index] ?? '', { loader: 'ts', format: 'esm', target: 'node24' });
    writeWhole(path, code);
  }
  return pathToFileURL(join(cache, version, 'preload.mjs')).href;
}
