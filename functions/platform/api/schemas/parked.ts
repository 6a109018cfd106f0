import { RECORD_KINDS } from '../../../../shared/domain/index.ts';
import { PARKED_CAUSES } from '../../../../shared/ports/index.ts';
import type { Schema } from '../call.ts';
import { count, id, object, oneOf, pageOf, text, time } from './parts.ts';

const fault = oneOf(['organization', 'vendor', 'hub']);
const kind = oneOf(RECORD_KINDS);
const scalar: Schema = { type: ['string', 'number', 'boolean', 'null'] };

/** Which pieces are meant: those for which all that is named holds. As a query, and as a body. */
export const parkedFilter: Readonly<Record<string, Schema>> = {
  connection: id,
  cause: oneOf(PARKED_CAUSES),
  fault,
  kind: { ...kind, description: 'Of the record it is about.' },
  since: { ...time, description: 'Set aside at that time or later.' },
  until: { ...time, description: 'Set aside before that time.' },
  text: {
    type: 'string',
    minLength: 1,
    maxLength: 200,
    description: 'Stands in the reason or the code, whatever the case.',
  },
};
const ReplayFilter = object(parkedFilter, Object.keys(parkedFilter));

const Parked = object(
  {
    id: text,
    connection: id,
    what: oneOf(['event', 'link', 'message']),
    cause: oneOf(PARKED_CAUSES),
    ticket: id,
    kind,
    reason: text,
    fault,
    code: text,
    attempts: count,
    since: time,
    wouldWrite: {
      type: 'object',
      additionalProperties: object({ from: scalar, to: scalar }),
      description:
        'By what the hub knows now: the value the vendor was last seen to hold, and the one it would be written.',
    },
  },
  ['ticket', 'kind', 'code', 'wouldWrite'],
);

const Replay = object(
  {
    id: text,
    state: oneOf(['running', 'done', 'cancelled']),
    actor: text,
    filter: ReplayFilter,
    total: { ...count, description: 'What was meant when it was asked for; what came later is not.' },
    replayed: count,
    gone: { ...count, description: 'Had gone on by itself before its turn.' },
    failed: { ...count, description: 'Could not be put back then; parked as before.' },
    startedAt: time,
    endedAt: time,
  },
  ['endedAt'],
);

export const PARKED_REQUESTS: Readonly<Record<string, Schema>> = { ReplayFilter };

export const PARKED_ANSWERS: Readonly<Record<string, Schema>> = {
  Parked,
  ParkedPage: pageOf('Parked'),
  Replay,
  ReplayPage: pageOf('Replay'),
  ReplayResult: object({ id: text, state: { const: 'replaying' } }),
};
