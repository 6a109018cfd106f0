import { sameToVendor } from './held.ts';
import type { Seen } from './merge.ts';
import { isAfter, isBefore, type Timed } from './moments.ts';
import type { Scene } from './scene.ts';
import type { Pending } from './state.ts';

/** An event proves a doubtful request: our own write, by our own hand, as we sent it. */
export function isProofOf(scene: Scene, pending: Pending, seen: Seen): boolean {
  if (seen.authorship !== 'hub' || pending.change.operation === 'delete') return false;
  const fields = Object.keys(pending.change.fields);
  return (
    fields.length > 0 &&
    fields.every(
      (field) =>
        field in seen.fields && sameToVendor(scene, field, seen.fields[field], pending.change.fields[field]),
    ) &&
    // An earlier write of ours may have been the same, and be told of late.
    !isBefore(seen, baseOf(pending))
  );
}

/** An event of the moment at which the request landed. */
export const hasLanded = (scene: Scene, pending: Pending, seen: Seen): boolean =>
  isProofOf(scene, pending, seen) && isAfter(seen, baseOf(pending));

const baseOf = ({ baseAtMs: atMs, baseVersion: version }: Pending): Timed => ({ atMs, version });
