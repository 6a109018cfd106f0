import type { Schema } from '../call.ts';
import { count, fields, id, object, oneOf, text, time } from './parts.ts';

const fault = oneOf(['organization', 'vendor', 'hub']);
const changed = object({ revision: count, fields }, []);

/** `data` of every event the hub publishes, by CloudEvent type. */
const DATA: Readonly<Record<string, { readonly summary: string; readonly data: Schema }>> = {
  'ticket.created': { summary: 'A conversation or case was seen for the first time', data: changed },
  'ticket.changed': { summary: 'Fields of a ticket changed', data: changed },
  'ticket.deleted': { summary: 'A ticket was deleted', data: changed },
  'comment.created': { summary: 'A message, reply or note was added', data: changed },
  'comment.changed': { summary: 'A message, reply or note was edited', data: changed },
  'comment.deleted': { summary: 'A message, reply or note was deleted', data: changed },
  'contact.created': { summary: 'A customer was seen for the first time', data: changed },
  'contact.changed': { summary: 'Something about a customer changed', data: changed },
  'link.parked': {
    summary: 'Work on a copy was set aside and needs somebody',
    data: object({ connection: id, reason: text, fault }),
  },
};

export const EVENT_TYPES: readonly string[] = Object.keys(DATA);

/** `ticket.created` → `TicketCreatedEvent`. */
export function eventName(type: string): string {
  return `${type.replace(/(?:^|\.)(\w)/g, (_, letter: string) => letter.toUpperCase())}Event`;
}

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
        description: 'Record and revision: the same change always has the same id.',
      },
      source: { type: 'string', format: 'uri-reference', minLength: 1 },
      type: { const: type },
      subject: text,
      time,
      datacontenttype: { const: 'application/json' },
      dataschema: { type: 'string', format: 'uri' },
      organization: id,
      data,
    },
    required: ['specversion', 'id', 'source', 'type', 'subject', 'time', 'organization', 'data'],
  };
}

export const EVENT_SCHEMAS: Readonly<Record<string, Schema>> = Object.fromEntries(
  Object.entries(DATA).map(([type, { summary, data }]) => [eventName(type), cloudEvent(type, summary, data)]),
);
