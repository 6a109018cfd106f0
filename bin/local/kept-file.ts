import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';

/** A small JSON document on disk that is whole at every moment, whatever kills its writer. */
export interface KeptFile<Content> {
  read(): Content;
  write(content: Content): void;
}

/** Readable by its owner alone: these documents hold keys. */
export function keepFile<Content>(path: string, empty: Content): KeptFile<Content> {
  let content: Content = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Content) : empty;
  return {
    read: () => content,
    write: (next) => {
      content = next;
      writeWhole(path, JSON.stringify(next));
    },
  };
}

export function writeWhole(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.tmp`;
  const file = openSync(draft, 'w', 0o600);
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, path);
}
