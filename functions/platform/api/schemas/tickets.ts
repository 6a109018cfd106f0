import { HUB_MAX_BYTES, TICKET_PRIORITIES, TICKET_STATUSES } from '../../../../shared/domain/index.ts';
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
  TicketPage: pageOf('Ticket'),
  AccountPage: pageOf('Account'),
  CommentPage: pageOf('Comment'),
  AttachmentPage: pageOf('Attachment'),
};
