import { makeId } from './ids.ts';
import type { Row } from './values.ts';

/** Ids of a young org already mix digits and both letter cases; so do ours from the first one on. */
const FIRST_SERIAL = 21_345_678;

/** Rows by id, with an undo log: a rollback to any earlier mark is exact. */
export class Tables {
  readonly #tables = new Map<string, Map<string, Row>>();
  readonly #serials = new Map<string, number>();
  readonly #previous = new Map<string, Row | undefined>();
  #undo: { readonly id: string; readonly before: Row | undefined }[] = [];

  get(id: string): Row | undefined {
    return this.#table(id).get(id);
  }

  all(keyPrefix: string): Row[] {
    return [...this.#table(keyPrefix).values()];
  }

  put(row: Row): void {
    const id = String(row.Id);
    this.#undo.push({ id, before: this.get(id) });
    this.#table(id).set(id, row);
  }

  mark(): number {
    return this.#undo.length;
  }

  rollback(mark: number): void {
    for (const { id, before } of this.#undo.splice(mark).reverse()) {
      if (before) this.#table(id).set(id, before);
      else this.#table(id).delete(id);
    }
  }

  /** What each touched row was when the log began; begins a new log. */
  settle(): ReadonlyMap<string, Row | undefined> {
    const first = new Map<string, Row | undefined>();
    for (const { id, before } of this.#undo) if (!first.has(id)) first.set(id, before);
    for (const [id, before] of first) this.#previous.set(id, before);
    this.#undo = [];
    return first;
  }

  /** What a replica that has not seen the row's last commit still holds. */
  stale(row: Row, newerThanMs: number): Row | undefined {
    const id = String(row.Id);
    const isFresh = Number(row.SystemModstamp) >= newerThanMs;
    return isFresh && this.#previous.has(id) ? this.#previous.get(id) : row;
  }

  nextSerial(keyPrefix: string): number {
    const serial = (this.#serials.get(keyPrefix) ?? FIRST_SERIAL) + 1;
    this.#serials.set(keyPrefix, serial);
    return serial;
  }

  nextId(keyPrefix: string): string {
    return makeId(keyPrefix, this.nextSerial(keyPrefix));
  }

  serials(): Record<string, number> {
    return Object.fromEntries(this.#serials);
  }

  restoreSerials(serials: Readonly<Record<string, number>>): void {
    for (const [prefix, serial] of Object.entries(serials)) {
      this.#serials.set(prefix, Math.max(serial, this.#serials.get(prefix) ?? 0));
    }
  }

  #table(id: string): Map<string, Row> {
    const prefix = id.slice(0, 3);
    let table = this.#tables.get(prefix);
    if (!table) {
      table = new Map();
      this.#tables.set(prefix, table);
    }
    return table;
  }
}
