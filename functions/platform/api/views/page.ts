import type { OrderedSliceOptions, Slice, SliceOptions } from '../../../../shared/ports/index.ts';
import type { Call } from '../call.ts';

export function pageBody<View, Body>(slice: Slice<View>, body: (view: View) => Body) {
  return { items: slice.items.map(body), next: slice.next };
}

/** The checked `limit` and `cursor` of a call as the read side takes them. */
export function sliceOf({ query }: Call): SliceOptions {
  const limit = query.limit as number;
  return query.cursor === undefined ? { limit } : { limit, next: query.cursor as string };
}

/** The same of a list that is told in either order. */
export function orderedSliceOf(call: Call): OrderedSliceOptions {
  return { ...sliceOf(call), isNewestFirst: call.query.order === 'desc' };
}
