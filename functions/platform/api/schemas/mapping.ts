import { MAPPED_KINDS, RECORD_KINDS } from '../../../../shared/domain/index.ts';
import type { Schema } from '../call.ts';
import { count, id, list, object, oneOf, ref, text, time } from './parts.ts';

const scalar: Schema = { type: ['string', 'number', 'boolean'], maxLength: 4_000 };
const value: Schema = { type: ['string', 'number', 'boolean', 'null'] };
const name: Schema = { type: 'string', minLength: 1, maxLength: 80 };
const direction = oneOf(['both', 'in', 'out']);

/** Expressions are short: what needs more is a program. */
const expression: Schema = { type: 'string', minLength: 1, maxLength: 1_000 };
const Transform: Schema = {
  oneOf: [
    object({ use: oneOf(['trim', 'lowercase', 'uppercase', 'number', 'boolean', 'date', 'text']) }),
    object({ use: { const: 'truncate' }, length: { type: 'integer', minimum: 1, maximum: 131_072 } }),
    object({ use: { const: 'expression' }, in: expression, out: expression }, ['in', 'out']),
  ],
};

const textPolicies = [
  object({ use: oneOf(['newest', 'text', 'ask']) }),
  object({ use: { const: 'side' }, side: oneOf(['this connection', 'hub record']) }),
];
const Policy: Schema = {
  oneOf: [
    ...textPolicies,
    object({ use: { const: 'set' }, separator: { type: 'string', minLength: 1, maxLength: 8 } }, [
      'separator',
    ]),
  ],
};

const FieldRule = object(
  {
    field: { ...name, description: 'A field of the hub, or `custom.NAME` as the document declares it.' },
    vendorField: name,
    direction,
    values: {
      type: 'array',
      maxItems: 500,
      description: 'The first of the vendor’s values is written, all of them are understood.',
      items: object({ hub: scalar, vendor: { type: 'array', minItems: 1, maxItems: 100, items: scalar } }),
    },
    default: {
      ...value,
      description:
        'What stands there where the record holds nothing, in copies there are already too. The record does not take it over; emptied there, it is written again.',
    },
    required: {
      type: 'boolean',
      description:
        'Neither side empties the other: what is empty is not written, and a copy that is emptied is filled again.',
    },
    transforms: { type: 'array', maxItems: 5, items: Transform },
    policy: Policy,
    since: { ...count, description: 'The version that first had this pair; the hub sets it.' },
    reworded: {
      ...count,
      description: 'The version that last changed what its values mean; the hub sets it.',
    },
    first: {
      ...oneOf(['hub', 'vendor']),
      description: 'Whose value stands where a new pair first meets and both have one. A new pair needs it.',
    },
  },
  ['values', 'default', 'required', 'transforms', 'policy', 'since', 'reworded', 'first'],
);

const kind = object({ rules: { type: 'array', maxItems: 200, items: ref('FieldRule') } });
const parts = {
  custom: {
    type: 'object',
    maxProperties: 200,
    propertyNames: { pattern: '^[a-z][A-Za-z0-9_]{0,39}$' },
    additionalProperties: object({ type: oneOf(['text', 'number', 'boolean', 'date']), label: text }, [
      'label',
    ]),
  },
  kinds: object(Object.fromEntries(MAPPED_KINDS.map((each) => [each, kind])), MAPPED_KINDS),
  conflicts: {
    ...object({ comment: object({ body: { oneOf: textPolicies } }, ['body']) }, ['comment']),
    description: 'What stands where both sides set what no rule pairs; the newest where nothing is said.',
  },
  deletions: {
    ...object(
      Object.fromEntries(
        RECORD_KINDS.map((each) => [
          each,
          oneOf(each === 'ticket' ? ['tombstone', 'close', 'ignore'] : ['tombstone', 'ignore']),
        ]),
      ),
      RECORD_KINDS,
    ),
    description:
      'What a copy deleted there means for its record: it is deleted too, closed, or goes on. Of kinds in `deletable`.',
  },
};
const WantedMapping = object({ ...parts, version: { ...count, description: 'Of no meaning here.' } }, [
  'custom',
  'conflicts',
  'deletions',
  'version',
]);

/** A reference cannot be followed where a body is checked by itself. */
const inlined = (schema: Schema): Schema =>
  JSON.parse(
    JSON.stringify(schema, (_key, each) =>
      each?.$ref === '#/components/schemas/FieldRule' ? FieldRule : each,
    ),
  ) as Schema;

const wanted = inlined(WantedMapping);
export const MAPPING_REQUESTS: Readonly<Record<string, Schema>> = {
  MappingValidation: object({ document: wanted }),
  MappingTrial: object(
    { document: wanted, limit: { type: 'integer', minimum: 1, maximum: 10, default: 5 } },
    ['limit'],
  ),
  MappingChange: object({
    document: wanted,
    basedOn: { ...count, description: 'The version it was made from: another one by now is answered 409.' },
  }),
};

const fault = object({
  pointer: { ...text, description: 'RFC 6901, into the document.' },
  code: text,
  message: text,
});
const fields = object({ field: text, vendorField: text, from: value, to: value });

export const MAPPING_ANSWERS: Readonly<Record<string, Schema>> = {
  FieldRule,
  MappingDocument: object({ version: count, ...parts }, ['custom', 'conflicts', 'deletions']),
  Mapping: object(
    {
      isFixed: {
        type: 'boolean',
        description: 'Which fields are paired is the integration’s own: its document holds policies alone.',
      },
      isDefault: { type: 'boolean' },
      deletable: {
        ...list(oneOf(RECORD_KINDS)),
        description: 'The kinds whose deletions this vendor tells: `deletions` may name them, and no others.',
      },
      document: ref('MappingDocument'),
      run: object(
        {
          version: count,
          startedAt: time,
          finishedAt: time,
          looked: { ...count, description: 'Records that have taken it up.' },
          woken: { ...count, description: 'Of these, with something to read or write.' },
        },
        ['finishedAt'],
      ),
    },
    ['run'],
  ),
  MappingSuggestion: object({
    document: ref('MappingDocument'),
    fields: {
      type: 'object',
      additionalProperties: list(
        object(
          {
            name: text,
            label: text,
            type: text,
            length: count,
            values: list(text),
            isRestricted: { type: 'boolean' },
            isCreateable: { type: 'boolean' },
            isUpdateable: { type: 'boolean' },
            isNillable: { type: 'boolean' },
            isDefaulted: { type: 'boolean' },
            isCustom: { type: 'boolean' },
            isFitted: { type: 'boolean' },
          },
          ['label', 'length', 'values', 'isRestricted', 'isCustom', 'isFitted'],
        ),
      ),
      description: 'What the vendor has, by kind of record.',
    },
  }),
  MappingVerdict: object({ faults: list(fault), notices: list(fault) }),
  MappingPreview: object({
    items: list(
      object({
        record: id,
        kind: oneOf(MAPPED_KINDS),
        externalId: text,
        takes: list(object({ field: text, from: value, to: value })),
        replaces: list(object({ field: text, lost: value, kept: value })),
        writes: list(object({ connection: id, fields: list(fields) })),
      }),
    ),
  }),
};
