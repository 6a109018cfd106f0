import { InvalidInputError } from '../../errors.ts';
import type { OrderedSliceOptions, Slice, SliceOptions } from '../../ports/read.ts';
import type { Item, Store } from '../../ports/store.ts';

/** A page may come up short of a filter's finds; after so many looks it is given as it is, with its `next`. */
const MAX_LOOKS = 10;

function cursor(list: string, place: string): string {
  return Buffer.from(JSON.stringify([list, place])).toString('base64url');
}

/** @throws InvalidInputError for what was not given out for this very list. */
function placeIn(list: string, next: string): string {
  try {
    const [of, place] = JSON.parse(Buffer.from(next, 'base64url').toString()) as unknown[];
    if (of === list && typeof place === 'string') return place;
  } catch {
    // Not JSON: falls through to the one refusal.
  }
  throw new InvalidInputError('this cursor was not given out for this list', { pointer: '/cursor' });
}

/** A slice of what a list of the store holds. `keep` leaves out, and may take several pages to fill the slice. */
export async function sliceOfList<Data, View>(
  store: Store,
  list: string,
  options: SliceOptions,
  view: (item: Item<Data>) => Promise<View | undefined>,
): Promise<Slice<View>> {
  const items: View[] = [];
  let next = options.next === undefined ? undefined : placeIn(list, options.next);
  for (let look = 0; look < MAX_LOOKS; look += 1) {
    const limit = options.limit - items.length;
    const page = await store.page<Data>(list, { limit, ...(next === undefined ? {} : { next }) });
    const views = await Promise.all(page.items.map(view));
    items.push(...views.filter((each) => each !== undefined));
    next = page.next;
    if (next === undefined || items.length >= options.limit) break;
  }
  return next === undefined ? { items } : { items, next: cursor(list, next) };
}

/** A slice of what was read whole; `placeOf` says where each stands, from the oldest on. */
export function sliceOf<View>(
  list: string,
  views: readonly View[],
  { isNewestFirst = false, ...options }: OrderedSliceOptions,
  placeOf: (view: View) => string,
): Slice<View> {
  const ordered = isNewestFirst ? `${list} newest first` : list;
  const after = options.next === undefined ? undefined : placeIn(ordered, options.next);
  const isAfter = (one: string, other: string) => (isNewestFirst ? one < other : one > other);
  const rest = views
    .filter((view) => after === undefined || isAfter(placeOf(view), after))
    .sort((one, other) => (isAfter(placeOf(one), placeOf(other)) ? 1 : -1));
  const items = rest.slice(0, options.limit);
  const last = items.at(-1);
  return last === undefined || items.length === rest.length
    ? { items }
    : { items, next: cursor(ordered, placeOf(last)) };
}
