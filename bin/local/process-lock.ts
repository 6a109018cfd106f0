import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export interface ProcessLock {
  release(): void;
}

/**
 * A lock the operating system takes back when its holder dies, however it dies; a file with a process id
 * in it would have to be believed. Undefined when somebody else holds it for longer than `waitMs`.
 */
export function takeLock(path: string, waitMs: number): ProcessLock | undefined {
  mkdirSync(dirname(path), { recursive: true });
  const database = new DatabaseSync(path, { timeout: waitMs });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch {
    database.close();
    return undefined;
  }
  return { release: () => database.close() };
}
