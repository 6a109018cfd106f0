import { TICKET_STATUSES } from '../../../../shared/domain/index.ts';
import type { Schema } from '../call.ts';

export const page: Readonly<Record<string, Schema>> = {
  limit: { type: 'integer', minimum: 1, maximum: 100, default: 25 },
  cursor: { type: 'string', minLength: 1, maxLength: 2_048, description: '`next` of the page before.' },
};
/** Of what is told in the order it happened. */
export const pageInOrder: Readonly<Record<string, Schema>> = {
  ...page,
  order: {
    type: 'string',
    enum: ['asc', 'desc'],
    default: 'asc',
    description: 'Oldest first, or `desc`: newest first. A cursor is good for the order it was given in.',
  },
};
export const status: Schema = { type: 'string', enum: TICKET_STATUSES };
export const connection: Schema = { type: 'string', minLength: 1, maxLength: 128 };

export const GET = 'GET' as const;
export const POST = 'POST' as const;
