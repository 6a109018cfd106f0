import type { Schema } from '../call.ts';
import { BACKFILL_ANSWERS, BACKFILL_REQUESTS } from './backfills.ts';
import { CONNECTION_ANSWERS, CONNECTION_REQUESTS } from './connections.ts';
import { EVENT_SCHEMAS } from './events.ts';
import { MAPPING_ANSWERS, MAPPING_REQUESTS } from './mapping.ts';
import { PARKED_ANSWERS, PARKED_REQUESTS } from './parked.ts';
import { object, text } from './parts.ts';
import { TICKET_ANSWERS, TICKET_REQUESTS } from './tickets.ts';
import { TIMELINE_ANSWERS } from './timeline.ts';

export const REQUESTS: Readonly<Record<string, Schema>> = {
  ...TICKET_REQUESTS,
  ...CONNECTION_REQUESTS,
  ...MAPPING_REQUESTS,
  ...BACKFILL_REQUESTS,
  ...PARKED_REQUESTS,
};

/** Every schema of the OpenAPI document, by component name. */
export const COMPONENTS: Readonly<Record<string, Schema>> = {
  ...REQUESTS,
  ...TICKET_ANSWERS,
  ...TIMELINE_ANSWERS,
  ...CONNECTION_ANSWERS,
  ...MAPPING_ANSWERS,
  ...BACKFILL_ANSWERS,
  ...PARKED_ANSWERS,
  ...EVENT_SCHEMAS,
  EventSchemas: { type: 'object', description: 'CloudEvent type → JSON Schema (2020-12).' },
  Document: {
    type: 'object',
    properties: { openapi: text },
    required: ['openapi'],
    description: 'This document.',
  },
  Problem: {
    ...object(
      {
        type: text,
        title: text,
        status: { type: 'integer' },
        code: { ...text, description: 'The stable name of the fault.' },
        detail: text,
        pointer: {
          ...text,
          description: 'RFC 6901 pointer to the first wrong field of body, query or headers.',
        },
      },
      ['detail', 'pointer'],
    ),
    description: 'RFC 9457',
  },
};
