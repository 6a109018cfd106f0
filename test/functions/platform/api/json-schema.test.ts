import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../../functions/catalog.ts';
import { isGuarded, type Schema } from '../../../../functions/platform/api/call.ts';
import { faultIn } from '../../../../functions/platform/api/json-schema.ts';
import { routes } from '../../../../functions/platform/api/routes.ts';
import { REQUESTS } from '../../../../functions/platform/api/schemas/index.ts';
import { object } from '../../../../functions/platform/api/schemas/parts.ts';

type Kind = 'body' | 'parameters';
type Json = Record<string, unknown>;

const checks: readonly (readonly [string, Kind, Schema])[] = [
  ...Object.entries(REQUESTS).map(([name, schema]) => [name, 'body', schema] as const),
  ...routes.filter(isGuarded).map(({ method, path, query = {} }) => {
    const schema = object(query, Object.keys(query));
    return [`${method} ${path}`, 'parameters', schema] as const;
  }),
  ...catalog.map(({ id, settingsSchema }) => [`settings of ${id}`, 'body', settingsSchema] as const),
];

interface Draw {
  readonly tossed: () => number;
  /** Some things are as the schema does not want them: of a large one hardly a value were good else. */
  readonly isSpoilt: boolean;
}

/** A value as the schema wants it, or with one thing in four as it does not. */
function aValueOf(schema: Schema, draw: Draw): unknown {
  const { tossed, isSpoilt } = draw;
  const odd = [null, '', 'x'.repeat(300), -1, 1.5, 1e9, true, [], {}, 'x', '7', '2026-02-30T00:00:00Z'];
  if (isSpoilt && tossed() % 8 === 0) return odd[tossed() % odd.length];
  const { oneOf = [] } = schema as { readonly oneOf?: readonly Schema[] };
  if (oneOf.length > 0) return aValueOf(oneOf[tossed() % oneOf.length]!, draw);
  if ('const' in schema) return schema.const;
  if (schema.enum) return (schema.enum as unknown[])[tossed() % (schema.enum as []).length];
  const type = [schema.type].flat()[0];
  if (type === 'integer') return Number(schema.minimum ?? 0) + (tossed() % 3);
  if (type === 'number') return tossed() / 3;
  if (type === 'boolean') return tossed() % 2 === 0;
  if (type === 'array') {
    const items = (schema.items ?? {}) as Schema;
    return Array.from({ length: 1 + (tossed() % 2) }, () => aValueOf(items, draw));
  }
  if (type === 'object') return membersOf(schema, draw);
  if (schema.format === 'date-time') return '2026-02-28T10:00:00Z';
  if (schema.examples) return (schema.examples as unknown[])[0];
  if (schema.format === 'uri') return 'https://x.example/a?b=1';
  const edge = Math.min(Number(schema.maxLength ?? 5), 5_000);
  return ['a', 'bc', 'd e', '😀'.repeat(edge), 'x'.repeat(edge + 1)][tossed() % (isSpoilt ? 5 : 4)];
}

function membersOf(schema: Schema, draw: Draw): Json {
  const { tossed, isSpoilt } = draw;
  const { properties = {}, required = [], additionalProperties } = schema;
  const known = Object.entries(properties as Record<string, Schema>)
    .filter(([name]) => (required as string[]).includes(name) || tossed() % 3 > 0)
    .filter(() => !isSpoilt || tossed() % 16 > 0)
    .map(([name, each]) => [name, aValueOf(each, draw)] as const);
  const isMore = typeof additionalProperties === 'object' || (isSpoilt && tossed() % 10 === 0);
  const more = ['more', 'a/b~c', '__proto__', '7']
    .slice(0, isMore ? 1 + (tossed() % 4) : 0)
    .map((name) => [name, aValueOf((additionalProperties || {}) as Schema, draw)] as const);
  return Object.fromEntries([...known, ...more]);
}

const tosses = fc.infiniteStream(fc.nat({ max: 1_000 }));

describe('json schema: what the hub checks requests by', () => {
  it.each(checks)('%s is judged and completed as Ajv does', (_, kind, schema) => {
    const ajv = new Ajv2020({ useDefaults: true, coerceTypes: kind === 'parameters', strict: false });
    formats.default(ajv, ['uri', 'date-time']);
    const oracle = ajv.compile(schema);
    const seen = { good: 0, bad: 0 };
    fc.assert(
      fc.property(tosses, (stream) => {
        const tossed = () => stream.next().value as number;
        const value = aValueOf(schema, { tossed, isSpoilt: tossed() % 2 === 0 });
        const text = kind === 'parameters' && value !== null && typeof value === 'object';
        const given = text
          ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, String(each)]))
          : value;
        const [ours, theirs] = [structuredClone(given), structuredClone(given)];

        const fault = faultIn(schema, ours, kind);

        expect([fault === undefined, given, fault]).toEqual([oracle(theirs), given, fault]);
        if (fault === undefined) expect(ours).toEqual(theirs);
        seen[fault === undefined ? 'good' : 'bad'] += 1;
      }),
      { numRuns: 300 },
    );
    expect(Math.min(seen.good, seen.bad)).toBeGreaterThan(0);
  });
});
