import { InvalidInputError } from '../../shared/errors.ts';
import { readJson } from '../../shared/http/json.ts';
import { against, type Figure, median } from './figure.ts';

const BYTES = 250_000;
const ROUNDS = 9;
const REPEATS = 40;

const filled = (open: string, unit: (n: number) => string, close: string): Uint8Array => {
  const parts: string[] = [];
  for (let bytes = 0, n = 0; bytes < BYTES; n += 1) {
    const part = unit(n);
    parts.push(part);
    bytes += part.length + 1;
  }
  return new TextEncoder().encode(open + parts.join(',') + close);
};

/** The same size each: what an honest sender might send, and what a hostile one would. */
export const BODIES: Readonly<Record<string, Uint8Array>> = {
  /** What an honest sender might send; long strings alone would cost a parser still less. */
  flat: filled('[', (n) => `"message ${n}: a plain value",${n},true`, ']'),
  'one long string': new TextEncoder().encode(`["${'x'.repeat(BYTES)}"]`),
  'numbers alone': filled('[', (n) => String(n), ']'),
  'deep arrays': new TextEncoder().encode('['.repeat(BYTES / 2) + ']'.repeat(BYTES / 2)),
  'deep objects': new TextEncoder().encode(`${'{"a":'.repeat(BYTES / 6)}1${'}'.repeat(BYTES / 6)}`),
  'one huge key': new TextEncoder().encode(`{"${'k'.repeat(BYTES - 6)}":1}`),
  'many keys': filled('{', (n) => `"${n.toString(36)}":0`, '}'),
  'keys like array indexes': filled('{', (n) => `"${n * 7919}":0`, '}'),
  'many huge keys': filled('{', (n) => `"${String(n).padStart(500, 'k')}":0`, '}'),
  'escaped strings': filled('[', (n) => `"\\u0041\\\\\\"${n}"`, ']'),
  'many small objects': filled('[', () => '{}', ']'),
  'unfinished strings': new TextEncoder().encode(`["${'\\'.repeat(BYTES)}`),
};

export function hostileJson(): Figure[] {
  const samples = new Map<string, number[]>(Object.keys(BODIES).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, body] of Object.entries(BODIES)) samples.get(name)?.push(cpuMicroseconds(body));
  }
  const flat = { name: 'flat', value: median(samples.get('flat') ?? []) };
  return [...samples]
    .filter(([name]) => name !== 'flat')
    .map(([name, values]) =>
      against({ name: `json: ${name}, CPU per body`, value: median(values), unit: 'µs' }, flat, 3),
    );
}

function cpuMicroseconds(body: Uint8Array): number {
  const before = process.cpuUsage();
  for (let n = 0; n < REPEATS; n++) readOrRefuse(body);
  const used = process.cpuUsage(before);
  return (used.user + used.system) / REPEATS;
}

function readOrRefuse(body: Uint8Array): void {
  try {
    readJson(body);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
  }
}
