import { InvalidInputError } from '../../../../shared/errors.ts';
import type { Action } from '../call.ts';
import { pageBody, sliceOf } from '../views/page.ts';
import { isoTime } from '../views/time.ts';

export const listAudit: Action = async (call, { auditTrail }) => {
  const slice = await auditTrail.page(call.caller.organization, sliceOf(call)).catch((cause) => {
    if (!(cause instanceof InvalidInputError)) throw cause;
    throw new InvalidInputError('this cursor was not given out for this list', { pointer: '/cursor', cause });
  });
  const body = pageBody(slice, ({ connection, actor, action, outcome, facts, atMs }) => ({
    at: isoTime(atMs),
    connection,
    actor,
    action,
    outcome,
    facts,
  }));
  return { status: 200, body };
};
