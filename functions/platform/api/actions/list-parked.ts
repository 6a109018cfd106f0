import type { ParkedView } from '../../../../shared/ports/index.ts';
import type { Action, Call } from '../call.ts';
import { pageBody, sliceOf } from '../views/page.ts';
import { filterFrom } from '../views/parked-filter.ts';
import { isoTime } from '../views/time.ts';

/** What a replay would write is ticket content: shown only to who may read tickets. */
function parkedBody({ sinceMs, wouldWrite, ...rest }: ParkedView, call: Call) {
  const maySee = call.caller.scopes.has('tickets:read');
  return { ...rest, since: isoTime(sinceMs), wouldWrite: maySee ? wouldWrite : undefined };
}

export const listParked: Action = async (call, { reading }) => {
  const options = { ...sliceOf(call), filter: filterFrom(call.query) };
  const slice = await reading.parked(call.caller.organization, options);
  return { status: 200, body: pageBody(slice, (view) => parkedBody(view, call)) };
};
