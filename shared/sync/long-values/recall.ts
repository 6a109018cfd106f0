import type { Standing } from './divide.ts';

interface Recalled {
  readonly version: number;
  readonly standing: Standing;
}
interface Key {
  readonly pk: string;
  readonly sk: string;
}

const MOST = 1_000;

/**
 * What stood beside the items last read or written, by their versions: who commits has read them a moment ago.
 * What is forgotten, or was another version, is read once more.
 */
export class Recall {
  readonly #items = new Map<string, Recalled>();

  note(key: Key, version: number, standing: Standing): void {
    const name = nameOf(key);
    this.#items.delete(name);
    this.#items.set(name, { version, standing });
    if (this.#items.size > MOST) this.#items.delete(this.#items.keys().next().value ?? name);
  }

  forget(key: Key): void {
    this.#items.delete(nameOf(key));
  }

  of(key: Key, version: number): Standing | undefined {
    const known = this.#items.get(nameOf(key));
    return known?.version === version ? known.standing : undefined;
  }
}

const nameOf = ({ pk, sk }: Key): string => `${pk} ${sk}`;
