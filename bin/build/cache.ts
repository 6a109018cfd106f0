import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What a build was made from: path relative to the root, and the hash of its content. */
export type Fingerprint = Readonly<Record<string, string>>;

async function hashOf(path: string): Promise<string> {
  const content = await readFile(path).catch(() => Buffer.from('missing'));
  return createHash('sha256').update(content).digest('hex');
}

/** Packages are pinned by the lockfile, so its hash stands for all of them. */
export async function fingerprint(root: string, inputs: Iterable<string>): Promise<Fingerprint> {
  const own = [...inputs].filter((path) => !path.includes('node_modules/') && !path.includes(':'));
  const paths = [...new Set([...own, 'package-lock.json'])].sort();
  return Object.fromEntries(
    await Promise.all(paths.map(async (path) => [path, await hashOf(join(root, path))])),
  );
}

export async function isUnchanged(root: string, last: Fingerprint): Promise<boolean> {
  const now = await fingerprint(root, Object.keys(last));
  return Object.entries(last).every(([path, hash]) => now[path] === hash);
}

export async function filesUnder(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
