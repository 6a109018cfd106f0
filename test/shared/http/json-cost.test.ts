import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { InvalidInputError } from '../../../shared/errors.ts';
import { JSON_LIMITS, readJson, scanJson } from '../../../shared/http/json.ts';
import { BODIES } from '../../bench/hostile-json.ts';

afterEach(() => vi.restoreAllMocks());

const FIXTURES = fileURLToPath(new URL('../../fixtures/', import.meta.url));
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** What a unit of effort costs a parser, in bytes of flat text: `node test/bench/cli.ts` has the clock's view. */
const EFFORT_STEPS = 15;

/** Everything done for a body, counted: the hub's own pass, and the parser's where the body gets that far. */
function costOf(body: Uint8Array): number {
  const { excess, steps, effort } = scanJson(body);
  return steps + (excess === undefined ? body.length + EFFORT_STEPS * effort : 0);
}

/** An honest body of as many bytes: values side by side, as a message or a case has them. */
function flatOf(bytes: number): Uint8Array {
  const unit = '"message 123: a plain value",4711,true,';
  return bytesOf(`[${unit.repeat(Math.ceil(bytes / unit.length)).slice(0, bytes - 2)}]`);
}

describe('the price of hostile JSON, counted', () => {
  it.each(Object.entries(BODIES))('%s: at most three times that of flat JSON of its size', (_, body) => {
    expect(costOf(body)).toBeLessThanOrEqual(3 * costOf(flatOf(body.length)));
  });

  it.each([
    ['small objects side by side', (n: number) => `[${Array(n).fill('{}')}]`],
    [
      'objects of ever new shapes',
      (n: number) => `[${Array.from({ length: n }, (_, at) => `{"${at.toString(36)}":0}`)}]`,
    ],
    [
      'short keys, each new',
      (n: number) => `{${Array.from({ length: n }, (_, at) => `"${at.toString(36)}":0`)}}`,
    ],
    [
      'nesting just under the limit, over and over',
      (n: number) => `[${Array(n).fill('['.repeat(60) + ']'.repeat(60))}]`,
    ],
    ['nested arrays', (n: number) => '['.repeat(n) + ']'.repeat(n)],
    ['nested objects', (n: number) => `${'{"a":'.repeat(n)}1${'}'.repeat(n)}`],
    ['nesting that goes up and down', (n: number) => `[${'[[[[]]]],'.repeat(n)}1]`],
    ['one huge key', (n: number) => `{"${'k'.repeat(n)}":1}`],
    [
      'huge keys, each new',
      (n: number) => `{${Array.from({ length: n }, (_, at) => `"${'k'.repeat(490)}${at}":1`)}}`,
    ],
    ['huge keys, over and over', (n: number) => `[${Array(n).fill(`{"${'k'.repeat(500)}":1}`)}]`],
    ['a huge key with escapes', (n: number) => `{"${'\\u0041'.repeat(n)}":1}`],
  ])('%s of any size: at most three times that of flat JSON', (_, make) => {
    const sizes = fc.integer({ min: 1, max: 4_000 });

    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 5_000 }), (n, padding) => {
        // Padding is cheap: it buys a hostile part the budget of the whole.
        const body = bytesOf(`[${make(n)},"${'x'.repeat(padding)}"]`);
        // Under a kilobyte both are a few microseconds, and neither depends on the body.
        fc.pre(body.length > 1_200);
        expect(costOf(body)).toBeLessThanOrEqual(3 * costOf(flatOf(body.length)));
      }),
      { numRuns: 60 },
    );
  });

  it('is never the parser’s: what exceeds a limit does not reach it', () => {
    const parse = vi.spyOn(JSON, 'parse');
    const hostile = Object.values(BODIES).filter((body) => scanJson(body).excess !== undefined);

    for (const body of hostile) expect(() => readJson(body)).toThrow(InvalidInputError);

    expect(hostile.length).toBeGreaterThan(4);
    expect(parse).not.toHaveBeenCalled();
  });

  it('is paid once: no byte is looked at twice, but to hash a key', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        const body = bytesOf(text);
        expect(scanJson(body).steps).toBeLessThanOrEqual(3 * body.length);
      }),
    );
    const { steps } = scanJson(flatOf(100_000));
    expect(steps).toBe(100_000);
  });

  it('stops where the excess is found', () => {
    const deep = bytesOf('['.repeat(1_000_000));

    expect(scanJson(deep).steps).toBe(JSON_LIMITS.depth + 1);
  });

  it('leaves vendors’ own events plenty: none asks for two thirds of what its size may ask for', () => {
    const names = readdirSync(FIXTURES, { recursive: true, encoding: 'utf8' });
    const bodies = names
      .filter((name) => name.endsWith('.json'))
      .map((name) => readFileSync(FIXTURES + name));

    for (const body of bodies) {
      const budget = JSON_LIMITS.freeEffort + body.length / JSON_LIMITS.bytesPerEffort;
      expect(scanJson(body).effort).toBeLessThan((2 / 3) * budget);
    }
    expect(bodies.length).toBeGreaterThan(20);
  });
});
