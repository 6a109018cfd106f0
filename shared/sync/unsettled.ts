import type { Seen } from './merge.ts';
import type { Scene } from './scene.ts';
import { isSetByAPerson } from './set-by.ts';
import type { Link, Unshown } from './state.ts';
import { MAX_UNSETTLED } from './timing.ts';

/** A request of ours carried these: the next look at each shows what they came back as. */
export function awaitLook(link: Link, fields: readonly string[], request: Unshown): void {
  link.unshown = { ...link.unshown, ...Object.fromEntries(fields.map((field) => [field, request])) };
}

/** A field that stands there as our last write brought it. */
export function noteSettled(link: Link, field: string): void {
  if (shown(link, field) === 'written') delete link.unsettled?.[field];
}

/**
 * The request of ours that may have come back as this. Carried out, and with no person in sight, it counts against the
 * field, which is not spread for ever. One write can come back changed once: whatever changes after that is somebody's.
 */
export function noteUnsettled({ link }: Scene, field: string, seen: Seen): Unshown | undefined {
  if (isSetByAPerson(link, seen, field)) return undefined;
  const request = shown(link, field);
  if (isVendors(request, seen))
    link.unsettled = { ...link.unsettled, [field]: (link.unsettled?.[field] ?? 0) + 1 };
  return request;
}

export const neverSettles = ({ unsettled = {} }: Link, field: string): boolean =>
  (unsettled[field] ?? 0) > MAX_UNSETTLED;

/** What our write came back as, with no person in sight. */
export const isVendors = (request: Unshown | undefined, { authorship }: Seen): boolean =>
  request === 'written' && authorship !== 'other';

/** What the first look at a field since our last request on it is to judge. */
function shown(link: Link, field: string): Unshown | undefined {
  const { [field]: request, ...others } = link.unshown ?? {};
  if (Object.keys(others).length > 0) link.unshown = others;
  else delete link.unshown;
  return request;
}
