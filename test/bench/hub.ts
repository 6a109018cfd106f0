import { closeSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { worldOf } from '../../bin/local/demo/world.ts';
import { type Hub, startHub } from '../../bin/local/hub.ts';
import { createTap } from './tap.ts';

/** A throwaway hub whose functions' AWS calls are counted. */
export async function withBenchHub<Result>(measure: (bench: BenchHub) => Promise<Result>): Promise<Result> {
  const dataDir = mkdtempSync(join(tmpdir(), 'deskbridge-bench-'));
  const tap = createTap();
  const hub = await startHub({ dataDir, port: 0, tap: tap.tap });
  const comments = followComments(dataDir);
  try {
    return await measure({ hub, tap, world: worldOf(hub.description), comments });
  } finally {
    comments.close();
    await hub.close();
    tap.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

export interface BenchHub {
  readonly hub: Hub;
  readonly tap: ReturnType<typeof createTap>;
  readonly world: ReturnType<typeof worldOf>;
  readonly comments: ReturnType<typeof followComments>;
}

interface Line {
  readonly rows?: readonly { readonly Id?: unknown; readonly CommentBody?: unknown }[];
}
const LOOK_EVERY_MS = 2;

/**
 * When Salesforce committed each comment, in epoch milliseconds, by the comment's text. Its own stamps are
 * whole seconds, so its journal is followed instead: never early, late by a look at most.
 */
export function followComments(dataDir: string) {
  const committed = new Map<string, number[]>();
  const ids = new Map<string, string>();
  const file = openSync(join(dataDir, 'salesforce', 'salesforce.jsonl'), 'a+');
  const chunk = Buffer.alloc(1 << 20);
  let rest = '';
  const look = (): void => {
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      const lines = (rest + chunk.toString('utf8', 0, read)).split('\n');
      rest = lines.pop() ?? '';
      const atMs = Date.now();
      for (const { rows = [] } of lines.map((line) => JSON.parse(line) as Line)) {
        for (const { Id, CommentBody } of rows) {
          if (typeof CommentBody !== 'string') continue;
          ids.set(CommentBody, String(Id));
          committed.set(CommentBody, [...(committed.get(CommentBody) ?? []), atMs]);
        }
      }
    }
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    /** One moment for each commit of it: a second one is a second effect. */
    committed: committed as ReadonlyMap<string, readonly number[]>,
    ids: ids as ReadonlyMap<string, string>,
    close(): void {
      clearInterval(timer);
      closeSync(file);
    },
  };
}
