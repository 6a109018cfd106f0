import type { RecordId } from '../domain/ids.ts';
import type { Visibility } from '../domain/record.ts';
import { positionAmong } from './creation.ts';
import type { Surroundings, Tree } from './scene.ts';
import type { Child } from './state.ts';

/** Something the hub itself has to say about a ticket. */
export function addSystemComment(
  { root, children, changes }: Tree,
  said: {
    readonly id: RecordId;
    readonly body: string;
    readonly visibility: Visibility;
    readonly audience?: Child['audience'];
  },
  { nowMs }: Surroundings,
): void {
  const { id, body, visibility, audience } = said;
  root.childCount += 1;
  const provenance = { source: 'hub', actor: 'hub', fromMs: nowMs, toMs: nowMs } as const;
  const child: Child = {
    id,
    kind: 'comment',
    root: root.id,
    fields: { body },
    provenance: { body: provenance, visibility: provenance },
    revision: 0,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    visibility,
    author: { role: 'system' },
    position: positionAmong(root, { atMs: nowMs }),
    links: {},
    ...(audience === undefined ? {} : { audience }),
  };
  children.set(id, child);
  changes.push({ record: id, kind: 'comment', what: 'created', fields: {}, source: 'hub', actor: 'hub' });
}
