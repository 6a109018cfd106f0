import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Named tables in memory, each change appended to one file before it is answered: whoever kills the
 * process loses nothing that was acknowledged, and a torn last line is not taken for data.
 */
export class Journal {
  readonly #file: string | undefined;
  readonly #tables = new Map<string, Map<string, unknown>>();

  constructor(dataDir: string | undefined) {
    if (dataDir === undefined) return;
    mkdirSync(dataDir, { recursive: true });
    this.#file = join(dataDir, 'slack.jsonl');
    if (existsSync(this.#file)) this.#replay(readFileSync(this.#file, 'utf8'));
  }

  table<Value>(name: string): Map<string, Value> {
    const existing = this.#tables.get(name);
    if (existing !== undefined) return existing as Map<string, Value>;
    const created = new Map<string, Value>();
    this.#tables.set(name, created);
    return created;
  }

  put<Value>(name: string, key: string, value: Value): Value {
    this.table<Value>(name).set(key, value);
    if (this.#file !== undefined) appendFileSync(this.#file, `${JSON.stringify([name, key, value])}\n`);
    return value;
  }

  #replay(lines: string): void {
    const whole = lines.slice(0, lines.lastIndexOf('\n') + 1);
    if (whole.length < lines.length && this.#file !== undefined) appendFileSync(this.#file, '\n');
    for (const line of whole.split('\n')) {
      const entry = parsed(line);
      if (entry !== undefined) this.table(entry[0]).set(entry[1], entry[2]);
    }
  }
}

function parsed(line: string): [string, string, unknown] | undefined {
  try {
    return line === '' ? undefined : (JSON.parse(line) as [string, string, unknown]);
  } catch {
    return undefined;
  }
}
