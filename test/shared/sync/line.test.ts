import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordId } from '../../../shared/domain/index.ts';
import { LINE, placeOf } from '../../../shared/sync/keys.ts';
import {
  byPlace,
  keepShort,
  lookAnew,
  mayHideUnread,
  passedTo,
  passOver,
} from '../../../shared/sync/line.ts';
import type { Behind, Line } from '../../../shared/sync/state.ts';

const child = (at: number, over: Partial<Behind> = {}): Behind => ({
  id: `case.${at}` as RecordId,
  position: String(at).padStart(3, '0'),
  ...over,
});
const lineOf = (...at: number[]): Line => ({ behind: at.map((each) => child(each)) });
const listed = ({ behind }: Line): number[] => behind.map(({ position }) => Number(position));
const numbers = (left: readonly Behind[]): number[] => left.map(({ position }) => Number(position));

describe('a line', () => {
  it('lists all while they are few', () => {
    const line = lineOf(1, 2);

    expect(keepShort(line, 2)).toEqual([]);
    expect(line).toEqual(lineOf(1, 2));
  });

  it('is in the order of places; those of one place by their ids, which a fold may bring together', () => {
    const at = (position: string, id: string) => ({ position, id: id as RecordId });
    const [first, second, third] = [at('1', 'b'), at('2', 'a'), at('2', 'c')];

    for (const given of [
      [first, second, third],
      [third, second, first],
      [second, third, first],
    ])
      expect(byPlace(given)).toEqual([first, second, third]);
  });

  it('lists the first of many, and goes on after them', () => {
    const line = lineOf(3, 1, 2);

    expect(numbers(keepShort(line, 2))).toEqual([3]);
    expect(line).toEqual({ behind: [child(1), child(2)], beyond: { after: placeOf(child(2)) } });
  });

  it('takes in who comes before those, and lets the last of them go for it', () => {
    const line = lineOf(1, 3, 5);
    keepShort(line, 2);

    line.behind.push(child(2));

    expect(numbers(keepShort(line, 2))).toEqual([3]);
    expect(listed(line)).toEqual([1, 2]);
    expect(line.beyond?.after).toBe(placeOf(child(2)));
  });

  it('does not list who comes after those, though there be room', () => {
    const line = lineOf(1, 2, 3);
    keepShort(line, 2);
    line.behind = [child(2), child(4)];

    expect(numbers(keepShort(line, 2))).toEqual([4]);
    expect(listed(line)).toEqual([2]);
  });

  it('goes on from where it did, whoever is left of the listed', () => {
    const line = lineOf(1, 2, 3);
    keepShort(line, 2);
    line.behind = [child(1), child(4)];

    keepShort(line, 2);

    expect(line).toStrictEqual({ behind: [child(1)], beyond: { after: placeOf(child(2)) } });
  });

  it('that nobody stands beyond has nothing to be looked at', () => {
    const line = lineOf(1);

    passedTo(line, undefined);
    expect(line).toEqual(lineOf(1));
    passedTo(line, placeOf(child(1)));
    expect(line.beyond).toStrictEqual({ after: placeOf(child(1)) });
  });

  it('is over when all have been looked at', () => {
    const line = lineOf(1, 2, 3);
    keepShort(line, 2);

    passedTo(line, undefined);

    expect(line).not.toHaveProperty('beyond');
  });

  it('looks at all again from the first, listing nobody before that', () => {
    const line = lineOf(1, 2, 3);
    keepShort(line, 2);

    expect(numbers(lookAnew(line))).toEqual([1, 2]);
    expect(line).toEqual({ behind: [], beyond: { after: LINE, unread: LINE } });
    expect(mayHideUnread(line, child(1))).toBe(true);
  });

  it('passes over who sleeps only where places are short', () => {
    const line = lineOf(1, 2, 3);
    const isAsleep = ({ position }: Behind) => position === '001';

    expect(passOver(line, 3, isAsleep)).toEqual([]);
    expect(numbers(passOver(line, 2, isAsleep))).toEqual([1]);
    expect(listed(line)).toEqual([2, 3]);
  });

  it('keeps an order of places that any order of a vendor’s fits into, as the store sorts keys', () => {
    const positions = fc.uniqueArray(fc.string({ unit: fc.constantFrom('0', 'Z', ' ', '~', 'é', '-') }), {
      minLength: 2,
    });
    fc.assert(
      fc.property(positions, (given) => {
        const all = given.map((position) => ({ position, id: 'case.1' as RecordId }));
        const places = byPlace(all).map(placeOf);

        expect(places).toEqual([...places].sort());
        expect(places.join('')).not.toContain(' ');
      }),
    );
  });
});

describe('who is still to be read', () => {
  it('may stand beyond the listed, and holds up who comes later', () => {
    const line: Line = { behind: [child(1), child(4, { isUnread: true })] };
    keepShort(line, 1);

    expect(mayHideUnread(line, child(3))).toBe(false);
    expect(mayHideUnread(line, child(4))).toBe(false);
    expect(mayHideUnread(line, child(5))).toBe(true);
  });

  it('is known by the first of them, also of those who stood there before', () => {
    const unread = (at: number) => child(at, { isUnread: true });
    const line: Line = { behind: [child(1), unread(8), unread(5)] };
    keepShort(line, 1);
    expect(line.beyond?.unread).toBe(placeOf(child(5)));

    line.behind.push(unread(9));
    keepShort(line, 1);
    expect(line.beyond?.unread).toBe(placeOf(child(5)));

    line.behind.push(unread(3));
    keepShort(line, 1);
    expect(line.beyond?.unread).toBe(placeOf(child(3)));
  });

  it('stands where it stood while those before it are looked at', () => {
    const line: Line = { behind: [child(1), child(4), child(6, { isUnread: true })] };
    keepShort(line, 1);

    passedTo(line, placeOf(child(4)));

    expect(line.beyond).toEqual({ after: placeOf(child(4)), unread: placeOf(child(6)) });
  });

  it('is no more once those have been looked at', () => {
    const line: Line = { behind: [child(1), child(4, { isUnread: true }), child(6)] };
    keepShort(line, 1);

    passedTo(line, placeOf(child(5)));
    expect(mayHideUnread(line, child(5))).toBe(false);
    expect(mayHideUnread(line, child(7))).toBe(true);

    passedTo(line, undefined);
    expect(mayHideUnread(line, child(7))).toBe(false);
  });
});

/** A store of children and one line of them, as a worker and everybody else use it. */
class Model {
  readonly line: Line = { behind: [] };
  readonly lacking = new Map<number, Behind>();
  readonly unlisted = new Map<string, number>();
  readonly length: number;

  constructor(length: number) {
    this.length = length;
  }

  raise(at: number): void {
    this.lacking.set(at, child(at));
    this.line.behind = [...this.line.behind.filter(({ id }) => id !== child(at).id), child(at)];
    this.shorten();
  }
  shorten(): void {
    for (const { position, id } of keepShort(this.line, this.length))
      this.unlisted.set(placeOf({ position, id }), Number(position));
  }
  lookOn(): void {
    const after = this.line.beyond!.after;
    const page = [...this.unlisted].sort().filter(([place]) => place > after);
    const some = page.slice(0, this.length);
    passedTo(this.line, some.length < this.length ? undefined : some.at(-1)![0]);
    this.line.behind.push(...some.flatMap(([, at]) => this.lacking.get(at) ?? []));
    this.shorten();
  }
  /** Whoever is to go next, and has gone. */
  take(): number | undefined {
    while (this.line.behind.length === 0 && this.line.beyond !== undefined) this.lookOn();
    const [first] = byPlace(this.line.behind);
    if (first === undefined) return undefined;
    this.line.behind = this.line.behind.filter(({ id }) => id !== first.id);
    this.lacking.delete(Number(first.position));
    return Number(first.position);
  }
}

it('a line of any length lets everybody go who has work, and the first of them first', () => {
  const steps = fc.array(fc.option(fc.integer({ min: 0, max: 30 }), { nil: 'take' as const }), {
    maxLength: 120,
  });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 4 }), steps, (length, given) => {
      const model = new Model(length);
      for (const step of [...given, ...Array.from({ length: 40 }, () => 'take' as const)]) {
        if (step !== 'take') {
          model.raise(step);
          continue;
        }
        const first = model.lacking.size === 0 ? undefined : Math.min(...model.lacking.keys());

        expect(model.take()).toBe(first);
        expect(model.line.behind.length).toBeLessThanOrEqual(length);
      }
    }),
  );
});
