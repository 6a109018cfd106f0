import { createWriteStream, mkdirSync, statSync, type WriteStream } from 'node:fs';
import { join } from 'node:path';

export interface Logs {
  write(name: string, line: string): void;
  close(): Promise<void>;
}

const startOverBytes = 10 * 1024 * 1024;

/** What each function prints, in a file of its name; one that has grown large starts over. */
export function openLogs(directory: string): Logs {
  mkdirSync(directory, { recursive: true });
  const files = new Map<string, WriteStream>();
  const open = (name: string): WriteStream => {
    const path = join(directory, `${name}.log`);
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    const file = createWriteStream(path, { flags: size > startOverBytes ? 'w' : 'a' });
    files.set(name, file);
    return file;
  };
  return {
    write: (name, line) => {
      const file = files.get(name) ?? open(name);
      // All that is printed in one turn leaves in one write.
      if (file.writableCorked === 0) {
        file.cork();
        setImmediate(() => file.uncork());
      }
      file.write(`${line}\n`);
    },
    close: async () => {
      await Promise.all([...files.values()].map((file) => new Promise((resolve) => file.end(resolve))));
    },
  };
}
