import { RECORD_KINDS } from '../../../../shared/domain/index.ts';
import type { Schema } from '../call.ts';
import { count, id, list, object, oneOf, ref, text, time } from './parts.ts';

const DIRECTIONS = ['in', 'out'];
const fault = oneOf(['organization', 'vendor', 'hub']);
const rate: Schema = { type: 'number', minimum: 0 };

const Backfill = object(
  {
    id,
    connection: id,
    direction: oneOf(DIRECTIONS),
    state: {
      ...oneOf(['planned', 'exporting', 'importing', 'copying', 'done', 'cancelled', 'failed']),
      description:
        '`exporting`: the vendor makes everything ready; `importing`: its rows are taken in; `copying`: copies are made there.',
    },
    kinds: list(object({ kind: oneOf(RECORD_KINDS), records: count, read: count }, ['records'])),
    since: time,
    records: {
      ...count,
      description: 'Rows taken in, or records brought out, so far, whatever became of each.',
    },
    total: {
      ...count,
      description:
        'Known once the vendor has everything ready, or the hub has counted. Where files are looked for case by case, one for each case until that has been looked at.',
    },
    perSecond: rate,
    secondsLeft: count,
    applied: count,
    merged: count,
    echo: count,
    filtered: count,
    parked: count,
    open: {
      ...count,
      description:
        'Rows that stayed open while nothing else moved; the sweeper sees to them, the job does not wait.',
    },
    trouble: {
      ...object({ code: text, reason: text, fault, since: time, attempts: count, nextAt: time }),
      description: 'What keeps it from going on; it is tried again by itself.',
    },
    failure: object({ code: text, reason: text, fault }),
    startedBy: text,
    startedAt: time,
    endedAt: time,
  },
  ['since', 'total', 'secondsLeft', 'trouble', 'failure', 'endedAt'],
);

export const BACKFILL_REQUESTS: Readonly<Record<string, Schema>> = {
  NewBackfill: object(
    {
      direction: {
        ...oneOf(DIRECTIONS),
        description:
          '`in`, by default: what the vendor has comes into the hub. `out`: what the hub holds and has no copy there gets one.',
      },
      kinds: {
        ...list(oneOf(RECORD_KINDS)),
        minItems: 1,
        uniqueItems: true,
        description: 'By default all there are.',
      },
      since: { ...time, description: 'Inwards only: what has changed since; by default everything.' },
    },
    ['direction', 'kinds', 'since'],
  ),
};

export const BACKFILL_ANSWERS: Readonly<Record<string, Schema>> = {
  Backfill,
  BackfillList: object({
    isOffered: { type: 'boolean', description: 'Whether the integration can hand over everything at once.' },
    isOfferedOut: { type: 'boolean', description: 'Whether copies can be made there many at once.' },
    items: list(ref('Backfill')),
  }),
};
