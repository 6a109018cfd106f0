import { RECORD_KINDS } from '../../../../shared/domain/index.ts';
import type { Schema } from '../call.ts';
import { count, fields, id, list, object, oneOf, pageOf, ref, text, time } from './parts.ts';

const entry = (type: string, properties: Record<string, Schema>, optional: readonly string[] = []): Schema =>
  object({ id: text, at: time, type: { const: type }, ...properties }, optional);
const scalar: Schema = { type: ['string', 'number', 'boolean', 'null'] };

const recordKind = oneOf(RECORD_KINDS);

const names: Schema = {
  type: 'object',
  additionalProperties: text,
  description: 'What the customers or companies are called whose ids the values are.',
};

const lost = {
  lost: scalar,
  source: { ...text, description: 'Who had set it: `user:…`, `agent:…`, `vendor:…` or `hub`.' },
  lostAt: { ...time, description: 'When it was set.' },
  kept: scalar,
  keptBy: { ...text, description: 'Who set the value that replaced it.' },
  policy: text,
  reason: text,
  isRestorable: {
    type: 'boolean',
    description: '`POST …/conflicts/{id}/restore` would set it again.',
  },
  refusal: { ...text, description: 'Why it would not.' },
  names,
} as const satisfies Record<string, Schema>;

const Conflict = entry('conflict', { record: id, kind: recordKind, field: text, ...lost }, [
  'refusal',
  'names',
]);

const TimelineEntry: Schema = {
  oneOf: [
    entry('comment', { comment: ref('Comment') }),
    entry('attachment', { attachment: ref('Attachment') }),
    entry('change', {
      kind: oneOf(['ticket', 'comment']),
      record: id,
      what: oneOf(['created', 'updated', 'deleted', 'restored']),
      revision: count,
      source: { ...text, description: 'A connection, or `hub`.' },
      actor: text,
      fields,
      was: { ...fields, description: 'What stood there before.' },
    }),
    entry(
      'effect',
      {
        connection: id,
        kind: recordKind,
        operation: oneOf(['create', 'update', 'delete']),
        record: id,
        externalId: text,
        lagMs: { type: 'number', minimum: 0 },
      },
      ['externalId', 'lagMs'],
    ),
    ref('Conflict'),
    entry(
      'parked',
      {
        parked: text,
        reason: text,
        fault: oneOf(['organization', 'vendor', 'hub']),
        connection: text,
        code: text,
        record: id,
      },
      ['code', 'record'],
    ),
    entry('resumed', { parked: text }),
  ],
};

const step = (type: string, properties: Record<string, Schema>, optional: readonly string[] = []): Schema =>
  object({ at: time, type: { const: type }, ...properties }, optional);

const FieldStory = object(
  {
    record: id,
    kind: recordKind,
    field: text,
    value: scalar,
    steps: list({
      oneOf: [
        step('set', { revision: count, from: scalar, to: scalar, source: text, actor: text }),
        step('lost', { id: text, ...lost }, ['refusal', 'names']),
        step('begun', { value: scalar, source: text, actor: text }, ['source', 'actor']),
      ],
    }),
    names,
  },
  ['names'],
);

/** What happened, why a value stands, and what lost. */
export const TIMELINE_ANSWERS: Readonly<Record<string, Schema>> = {
  Conflict,
  TimelineEntry,
  FieldStory,
  RestoreResult: object({
    conflict: text,
    record: id,
    kind: recordKind,
    field: text,
    value: scalar,
    revision: count,
  }),
  ConflictPage: pageOf('Conflict'),
  TimelinePage: pageOf('TimelineEntry'),
};
