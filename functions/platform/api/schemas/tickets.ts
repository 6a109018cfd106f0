import {
  HUB_MAX_BYTES,
  RECORD_KINDS,
  TICKET_PRIORITIES,
  TICKET_STATUSES,
} from '../../../../shared/domain/index.ts';
import type { Schema } from '../call.ts';
import { count, fields, id, list, object, oneOf, pageOf, ref, text, time } from './parts.ts';

const nullable = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
const visibility = oneOf(['public', 'internal']);

const Link = object(
  {
    connection: id,
    integration: text,
    facet: oneOf(['ticket', 'conversation', 'comment', 'message', 'contact', 'account', 'file']),
    externalId: text,
    state: oneOf(['settled', 'behind', 'parked', 'gone', 'merged']),
  },
  ['externalId'],
);

const Ticket = object(
  {
    id,
    revision: count,
    subject: nullable(text),
    description: nullable(text),
    status: nullable(oneOf(TICKET_STATUSES)),
    priority: nullable(oneOf(TICKET_PRIORITIES)),
    custom: { ...fields, description: 'The organization’s own fields, as its mappings declare them.' },
    requester: nullable(
      object({ id, name: text, email: text, account: object({ id, name: text }, ['name']) }, [
        'name',
        'email',
        'account',
      ]),
    ),
    links: list(ref('Link')),
    isDeleted: { type: 'boolean' },
    createdAt: time,
    updatedAt: time,
  },
  [],
);

const Account = object({
  id,
  revision: count,
  name: nullable(text),
  website: nullable(text),
  phone: nullable(text),
  custom: { ...fields, description: 'The organization’s own fields, as its mappings declare them.' },
  links: list(ref('Link')),
  isDeleted: { type: 'boolean' },
  createdAt: time,
  updatedAt: time,
});

const Comment = object({
  id,
  ticket: id,
  visibility,
  body: text,
  author: object({ role: oneOf(['customer', 'agent', 'system']), name: text }, ['name']),
  isDeleted: { type: 'boolean' },
  createdAt: time,
  updatedAt: time,
});

const Attachment = object(
  {
    id,
    ticket: id,
    comment: { ...id, description: 'The comment it hangs on; left out, the ticket itself.' },
    visibility,
    name: text,
    type: text,
    size: { ...count, description: 'In bytes.' },
    sha256: { ...text, description: 'Of its bytes, once they are here.' },
    links: list(ref('Link')),
    isDeleted: { type: 'boolean' },
    createdAt: time,
    updatedAt: time,
  },
  ['comment', 'size', 'sha256'],
);

const Upload = object(
  {
    id: { ...id, description: 'Of the upload, and of the attachment that it becomes.' },
    ticket: id,
    comment: id,
    visibility,
    name: text,
    type: text,
    size: { ...count, description: 'In bytes.' },
    sha256: text,
    put: object({
      url: {
        type: 'string',
        format: 'uri',
        description:
          'Takes one PUT after the other of exactly these bytes, without a token: `Content-Length` is `size`.',
      },
      headers: {
        type: 'object',
        additionalProperties: text,
        description: 'To be sent with the PUT, as they stand.',
      },
      expiresAt: { ...time, description: 'The PUT is to begin before; asked again, there is a new address.' },
    }),
    completeBy: { ...time, description: 'What is not completed by then is thrown away.' },
  },
  ['comment'],
);

const ContentAddress: Schema = object({
  url: {
    type: 'string',
    format: 'uri',
    description: 'Good for a minute, without a token, for this file alone.',
  },
});

const entry = (type: string, properties: Record<string, Schema>, optional: readonly string[] = []): Schema =>
  object({ id: text, at: time, type: { const: type }, ...properties }, optional);
const scalar: Schema = { type: ['string', 'number', 'boolean', 'null'] };

const recordKind = oneOf(RECORD_KINDS);

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
} as const satisfies Record<string, Schema>;

const Conflict = entry('conflict', { record: id, kind: recordKind, field: text, ...lost }, ['refusal']);

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

const FieldStory = object({
  record: id,
  kind: recordKind,
  field: text,
  value: scalar,
  steps: list({
    oneOf: [
      step('set', { revision: count, from: scalar, to: scalar, source: text, actor: text }),
      step('lost', { id: text, ...lost }, ['refusal']),
      step('begun', { value: scalar, source: text, actor: text }, ['source', 'actor']),
    ],
  }),
});

/** What a caller may send; without any `$ref`, because these are compiled by themselves. */
export const TICKET_REQUESTS: Readonly<Record<string, Schema>> = {
  NewComment: object(
    {
      body: { type: 'string', minLength: 1, maxLength: 32_000, pattern: '\\S' },
      visibility: {
        ...visibility,
        default: 'internal',
        description: 'Only `public` reaches the customer; left out, it is an internal note.',
      },
      authorName: { type: 'string', minLength: 1, maxLength: 120 },
    },
    ['visibility', 'authorName'],
  ),
  NewUpload: object(
    {
      name: {
        type: 'string',
        minLength: 1,
        maxLength: 255,
        pattern: '^(?!\\.{1,2}$)(?=.*\\S)[^/\\\\\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]+$',
        examples: ['manual.pdf'],
      },
      type: {
        type: 'string',
        maxLength: 255,
        pattern: '^[\\w!#$&^.+-]+/[\\w!#$&^.+-]+( *;[\\u0020-\\u007e]*)?$',
        examples: ['application/pdf'],
        description: 'The media type (RFC 6838).',
      },
      size: { type: 'integer', minimum: 1, maximum: HUB_MAX_BYTES, description: 'In bytes.' },
      sha256: {
        type: 'string',
        pattern: '^[0-9a-f]{64}$',
        examples: ['2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824'],
        description: 'Of its bytes, in lower-case hex.',
      },
      comment: {
        ...id,
        description: 'The comment it goes with, and is seen with; left out, the ticket itself.',
      },
      visibility: {
        ...visibility,
        description: 'Only `public` reaches the customer; left out, the comment’s, or `internal`.',
      },
    },
    ['comment', 'visibility'],
  ),
  TicketChange: {
    ...object(
      {
        status: oneOf(TICKET_STATUSES),
        priority: oneOf(TICKET_PRIORITIES),
        subject: { type: 'string', minLength: 1, maxLength: 255, pattern: '\\S' },
        custom: { ...fields, minProperties: 1, maxProperties: 100 },
      },
      ['status', 'priority', 'subject', 'custom'],
    ),
    minProperties: 1,
  },
};

export const TICKET_ANSWERS: Readonly<Record<string, Schema>> = {
  Link,
  Ticket,
  Account,
  Comment,
  Attachment,
  ContentAddress,
  Upload,
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
  TicketPage: pageOf('Ticket'),
  AccountPage: pageOf('Account'),
  CommentPage: pageOf('Comment'),
  AttachmentPage: pageOf('Attachment'),
  ConflictPage: pageOf('Conflict'),
  TimelinePage: pageOf('TimelineEntry'),
};
