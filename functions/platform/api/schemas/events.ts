import type { Schema } from '../call.ts';
import { count, id, list, object, oneOf, text, time } from './parts.ts';

const fault = oneOf(['organization', 'vendor', 'hub']);

interface Told {
  readonly summary: string;
  readonly data: Schema;
}

const KINDS = {
  ticket: 'A ticket, and the conversation it is in a channel,',
  comment: 'A message, reply or note',
  contact: 'A customer',
  account: 'The company a customer belongs to',
  attachment: 'A file',
} as const;
const DEEDS = {
  created: 'was made or seen for the first time',
  updated: 'changed',
  deleted: 'was deleted',
  restored: 'came back after its deletion',
} as const;

/** Names of what changed, never the values: who may read those asks the API for them. */
const recordData = (kind: string): Schema =>
  object({
    root: { ...id, description: 'The ticket it belongs to, or the contact, account or attachment itself.' },
    record: id,
    kind: { const: kind },
    revision: count,
    changed: list(text),
    source: { ...text, description: 'The connection it came from, or `hub`.' },
  });

const RECORD_EVENTS: readonly (readonly [string, Told])[] = Object.entries(KINDS).flatMap(([kind, what]) =>
  Object.entries(DEEDS).map(([deed, words]) => {
    const told: Told = { summary: `${what} ${words}`, data: recordData(kind) };
    return [`${kind}.${deed}`, told] as const;
  }),
);

const connectionData = object(
  {
    connection: id,
    integration: text,
    state: oneOf(['pending', 'active', 'parked', 'removed']),
    reason: text,
    fault,
  },
  ['reason', 'fault'],
);

/** `data` of every event the hub publishes, by CloudEvent type. */
const TOLD: Readonly<Record<string, Told>> = {
  ...Object.fromEntries(RECORD_EVENTS),
  'work.parked': {
    summary: 'Work was set aside and needs somebody, or its cause to go away',
    data: object({ parked: text, connection: id, cause: text, code: text, fault, root: id, record: id }, [
      'code',
      'root',
      'record',
    ]),
  },
  'work.resumed': {
    summary: 'Parked work of a record went on',
    data: object({ root: id, parked: text }),
  },
  'conflict.noted': {
    summary: 'A value lost against another, and is kept in the journal',
    data: object({
      root: { ...id, description: 'The ticket it belongs to, or the contact, account or attachment itself.' },
      record: id,
      kind: oneOf(Object.keys(KINDS)),
      field: { ...text, description: 'Its name; the values stand in the timeline.' },
      lostBy: { ...text, description: '`user:…`, `agent:…`, `vendor:…` or `hub`.' },
      keptBy: text,
      policy: text,
    }),
  },
  'connection.created': { summary: 'A connection was made', data: connectionData },
  'connection.activated': { summary: 'A connection was authorized', data: connectionData },
  'connection.parked': { summary: 'A connection lost its authorization', data: connectionData },
  'connection.removed': { summary: 'A connection was taken out', data: connectionData },
};

export const EVENT_TYPES: readonly string[] = Object.keys(TOLD);

/** `ticket.created` → `TicketCreatedEvent`. */
export function eventName(type: string): string {
  return `${type.replace(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())}Event`;
}

/** CloudEvents 1.0 §3.1.2: names what `data` adheres to. */
const schemaOf = (type: string): string => `urn:deskbridge:event:${type}`;

/** CloudEvents 1.0 §3 (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md), structured JSON. */
function cloudEvent(type: string, summary: string, data: Schema): Schema {
  return {
    type: 'object',
    description: summary,
    properties: {
      specversion: { const: '1.0' },
      id: {
        ...text,
        minLength: 1,
        description:
          'Record and revision, and which of several where one commit tells more: the same change always has the same id.',
      },
      source: { type: 'string', format: 'uri', description: 'urn:deskbridge:organization:<id>' },
      type: { const: type },
      subject: text,
      time,
      datacontenttype: { const: 'application/json' },
      dataschema: { const: schemaOf(type) },
      organization: id,
      correlationid: {
        ...text,
        minLength: 1,
        description:
          'Of the vendor’s event it came from, as the hub’s log has it, or the id of an API request.',
      },
      data: { $id: schemaOf(type), ...data },
    },
    required: [
      'specversion',
      'id',
      'source',
      'type',
      'subject',
      'time',
      'datacontenttype',
      'dataschema',
      'organization',
      'data',
    ],
    additionalProperties: false,
  };
}

export const EVENT_SCHEMAS: Readonly<Record<string, Schema>> = Object.fromEntries(
  Object.entries(TOLD).map(([type, { summary, data }]) => [eventName(type), cloudEvent(type, summary, data)]),
);
