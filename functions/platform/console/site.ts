import { readdir, readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface SiteFile {
  readonly contentType: string;
  /** The name carries a hash of the content, so it never changes. */
  readonly isImmutable: boolean;
  readonly bytes: Buffer;
  /** Absent where compression gains nothing. */
  readonly gzipped?: Buffer;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/**
 * Every file the console may serve, by its path below the folder. Requests are looked up here and never
 * become file names, so no path can climb out.
 */
export async function readSite(folder: string): Promise<ReadonlyMap<string, SiteFile>> {
  const site = new Map<string, SiteFile>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const contentType = TYPES[extname(entry.name)];
    if (!entry.isFile() || contentType === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const name = file.slice(folder.length).replace(/^\/+/, '');
    const bytes = await readFile(file);
    const isImmutable = name.startsWith('assets/');
    const isText = contentType !== TYPES['.woff2'];
    site.set(name, { contentType, isImmutable, bytes, ...(isText ? { gzipped: gzipSync(bytes) } : {}) });
  }
  return site;
}
