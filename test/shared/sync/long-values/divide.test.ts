import { describe, expect, it } from 'vitest';
import {
  type Bounds,
  divide,
  referenceTo,
  refers,
  type Standing,
} from '../../../../shared/sync/long-values/divide.ts';

const NOTHING: Standing = new Map();
const ROOM = 1_000;
const LONG = 'long '.repeat(500);
const PART_LENGTH = 50_000;

const divided = (data: unknown, bounds?: Partial<Bounds>, most = ROOM) =>
  divide(data, NOTHING, most, { longOverBytes: 1_024, itemBytes: 200 * 1_024, ...bounds });
/** The texts that moved out, the first to go first. */
const moved = (...of: Parameters<typeof divided>) => divided(...of).fresh.map(({ parts }) => parts.join(''));
const textsOf = (count: number, bytes: number) =>
  Array.from({ length: count }, (_, at) => `${at} `.padEnd(bytes, 'y'));

describe('a text of an item', () => {
  it('moves out where it is longer than the bound, in bytes, and stays where it is not', () => {
    expect(moved({ a: 'a'.repeat(1_024), b: 'b'.repeat(1_025), c: 'é'.repeat(513), d: 'd' })).toEqual([
      'é'.repeat(513),
      'b'.repeat(1_025),
    ]);
  });

  it('moves out of a list in which others are short', () => {
    expect(moved({ list: ['short', LONG, 'short too'] })).toEqual([LONG]);
  });

  it('that two differ in by an unpaired half of a character alone are two', () => {
    const [one, other] = [`${LONG}\ud800`, `${LONG}\ud801`];

    expect(divided({ one, other }).values.size).toBe(2);
  });

  it('moves out wherever plain data holds it; what is no such data goes to the store as it is, to be refused', () => {
    class Odd {
      readonly text = LONG;
    }
    const grouped = Object.assign(Object.create(null) as object, { text: LONG });
    const odd = new Odd();
    const kept = { none: undefined, nil: null, at: 1 };

    const { data } = divided({ odd, kept, grouped });

    expect(data).toMatchObject({ grouped: { text: expect.stringMatching(/^deskbridge-value:/) } });
    expect((data as { readonly odd: Odd }).odd).toBe(odd);
    expect(moved({ odd })).toEqual([]);
    expect((data as { readonly kept: object }).kept).toBe(kept);
  });

  it('that looks like a reference moves out whatever room there is, before any other takes it', () => {
    const alike = 'deskbridge-value:';
    const likeAtItsEnd = `${LONG}${alike}`;

    expect(moved({ LONG, alike, likeAtItsEnd }, {}, 0)).toEqual([alike]);
    expect(moved({ LONG, alike }, {}, 1)).toEqual([alike]);
  });

  it('stays where so many that are larger have taken the room', () => {
    const texts = [`${LONG}1`, `${LONG}22`, `${LONG}333`];

    expect(moved({ texts }, {}, 2)).toEqual([texts[2], texts[1]]);
  });
});

describe('an item past its bound', () => {
  /** What it weighs with nothing moved out: it has to give something up from there on. */
  const weightOf = (data: unknown): number => {
    let bytes = 0;
    while (moved(data, { itemBytes: bytes }).length > 0) bytes += 1;
    return bytes;
  };

  it('weighs no less than its texts, names and values do', () => {
    const data = { name: 'é'.repeat(200), long_name: [1, null, true], deep: { text: 'x'.repeat(100) } };

    expect(weightOf(data)).toBeGreaterThanOrEqual(Buffer.byteLength(JSON.stringify(data)));
    expect(weightOf(data)).toBeLessThan(2 * Buffer.byteLength(JSON.stringify(data)));
  });

  it.each([
    ['names', { ['n'.repeat(8_000)]: 1 }],
    ['lists and what they hold', { list: Array.from({ length: 1_000 }, () => []) }],
  ])('gives up a text that is short where its %s are what it has too much of', (_what, rest) => {
    const text = 's'.repeat(300);

    expect(moved({ rest, text }, { itemBytes: 8_100 })).toEqual([text]);
  });

  it('gives up its largest texts, and no more than it has to', () => {
    const [small, middle, large] = ['s'.repeat(200), 'm'.repeat(300), 'l'.repeat(400)];
    const data = { small, middle, large };
    const weight = weightOf(data);
    const given = (tooMuch: number) => moved(data, { itemBytes: weight - tooMuch });

    expect(given(0)).toEqual([]);
    expect(given(1)).toEqual([large]);
    // A reference of 64 bytes takes its place.
    expect(given(400 - 64)).toEqual([large]);
    expect(given(400 - 63)).toEqual([large, middle]);
    expect(given(700 - 2 * 64)).toEqual([large, middle]);
    expect(given(700 - 2 * 64 + 1)).toEqual([large, middle, small]);
  });

  it('gives up none where its long texts were what it had too much of', () => {
    const short = textsOf(200, 500);

    expect(moved({ long: textsOf(100, 2_000), short })).toEqual(moved({ long: textsOf(100, 2_000) }));
  });

  it('gives up short texts beside its long ones where those are not enough', () => {
    const data = { long: LONG, short: textsOf(500, 500) };
    const left = divided(data);

    expect(left.values.size).toBeGreaterThan(1);
    expect(JSON.stringify(left.data).length).toBeLessThan(200 * 1_024);
    expect(JSON.stringify(left.data).length).toBeGreaterThan(190 * 1_024);
  });

  it('counts a text as often as it is held: moved out once, it makes room each time', () => {
    const often = Array.from({ length: 500 }, () => 'o'.repeat(500));

    expect(moved({ often, once: textsOf(20, 400) })).toEqual(['o'.repeat(500)]);
  });

  it('keeps texts that a reference would not be shorter than', () => {
    expect(moved({ texts: textsOf(100, 64) }, { itemBytes: 1_000 })).toEqual([]);
  });
});

describe('an item that a store has given out', () => {
  const reference = referenceTo('hash', 1);

  it('refers to a value by any text of it, however deep', () => {
    for (const data of [reference, [1, reference], { a: 'a', b: { c: [{ d: reference }] } }])
      expect(refers(data)).toBe(true);
  });

  it('refers to none by anything else, so that nothing is asked for', () => {
    for (const data of [
      undefined,
      null,
      1,
      true,
      'a',
      [],
      {},
      { [reference]: 1, a: ['b', null], c: { d: 2 } },
    ])
      expect(refers(data)).toBe(false);
  });
});

describe('a text too long for one item', () => {
  const partsOf = (text: string) => divided({ text }).fresh.flatMap(({ parts }) => parts);
  const lengthsOf = (text: string) => partsOf(text).map(({ length }) => length);

  it('is cut into as few parts as hold it', () => {
    expect(lengthsOf('x'.repeat(PART_LENGTH))).toEqual([PART_LENGTH]);
    expect(lengthsOf('x'.repeat(PART_LENGTH + 1))).toEqual([PART_LENGTH, 1]);
  });

  it.each([
    ['the first there is', '\u{10000}'],
    ['any', '😀'],
    ['the last there is', '\u{10ffff}'],
  ])('is not cut in the middle of a character of two halves: %s', (_what, pair) => {
    const around = `${'x'.repeat(PART_LENGTH - 1)}${pair}y`;
    const before = `${'x'.repeat(PART_LENGTH - 2)}${pair}y`;

    expect(lengthsOf(around)).toEqual([PART_LENGTH - 1, 3]);
    expect(lengthsOf(before)).toEqual([PART_LENGTH, 1]);
    expect(partsOf(around).every((part) => part.isWellFormed())).toBe(true);
  });
});
