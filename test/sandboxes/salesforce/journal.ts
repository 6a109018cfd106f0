import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AccessChange } from './auth/sessions.ts';
import type { BulkJob } from './bulk/job.ts';
import type { SandboxSettings } from './options.ts';
import type { Delivery } from './relay.ts';
import type { Row } from './values.ts';

export interface JournalLine {
  readonly rows?: readonly Row[];
  readonly commitNumber?: number;
  readonly serials?: Readonly<Record<string, number>>;
  /** Events the commit made, kept with it so that none is lost between the two. */
  readonly deliveries?: readonly Delivery[];
  readonly delivered?: readonly string[];
  readonly access?: AccessChange;
  readonly settings?: SandboxSettings;
  readonly apiUsed?: number;
  readonly bulk?: BulkJob;
}

/** One appended line per commit: what was answered survives a kill, with nothing to flush. */
export class Journal {
  readonly #path: string | undefined;

  constructor(dataDir: string | undefined) {
    if (dataDir === undefined) return;
    mkdirSync(dataDir, { recursive: true });
    this.#path = join(dataDir, 'salesforce.jsonl');
    this.#endTornLine(this.#path);
  }

  /** A kill may have cut the last line off: the next one must not be glued to it. */
  #endTornLine(path: string): void {
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    if (text !== '' && !text.endsWith('\n')) appendFileSync(path, '\n');
  }

  append(line: JournalLine): void {
    if (this.#path) appendFileSync(this.#path, `${JSON.stringify(line)}\n`);
  }

  /** Every whole line; a last one cut off by a kill was never answered. */
  *lines(): Generator<JournalLine> {
    if (!this.#path || !existsSync(this.#path)) return;
    for (const line of readFileSync(this.#path, 'utf8').split('\n')) {
      const parsed = parse(line);
      if (parsed) yield parsed;
    }
  }
}

function parse(line: string): JournalLine | undefined {
  if (line === '') return undefined;
  try {
    return JSON.parse(line) as JournalLine;
  } catch {
    return undefined;
  }
}
