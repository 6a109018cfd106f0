import type { Action } from '../call.ts';
import { pageBody, sliceOf } from '../views/page.ts';
import { isoTime } from '../views/time.ts';

export const listAudit: Action = async (call, { auditTrail }) => {
  const slice = await auditTrail.page(call.caller.organization, sliceOf(call));
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
