import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Place } from '../../../bin/build/step.ts';

/** A project of its own, with the given files. */
export function projectOf(
  files: Readonly<Record<string, string>>,
): Place & { write: (path: string, text: string) => void } {
  const root = mkdtempSync(join(tmpdir(), 'deskbridge-build-'));
  process.on('exit', () => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  for (const [path, text] of Object.entries({ 'package-lock.json': '{}', 'tsconfig.json': '{}', ...files })) {
    write(path, text);
  }
  return { root, outDir: join(root, '.build'), write };
}
