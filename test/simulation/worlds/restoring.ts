import type { OrganizationId } from '../../../shared/domain/index.ts';
import { isReference } from '../../../shared/sync/restore.ts';
import type { Child, History, Loss, Note, Root } from '../../../shared/sync/state.ts';
import type { Functions } from '../functions.ts';
import { ask } from '../hub-client.ts';
import type { Operation } from '../plan.ts';
import { MARKED, markIn } from '../truth.ts';
import type { World } from '../world.ts';

/** Somebody takes up the journal and sets a value again that did not stand. */
export function restoreLostAct(world: World, functions: Functions, operation: Operation): boolean {
  const found = lostIn(world);
  const lost = found[operation.target % Math.max(1, found.length)];
  if (lost === undefined) return false;
  const { organization, root, record, mark, loss } = lost;
  const { field, lost: value } = loss;
  world.injector.count(`restored:${record.kind}.${field}`);
  ask(world, functions, {
    root: { organization, id: root.id, mark },
    value: operation.value,
    edit: { edit: 'restore', record: record.id, field, value },
    sets: { kind: record.kind, record: record.id, fields: { [field]: value } },
  });
  return true;
}

interface Lost {
  readonly organization: OrganizationId;
  readonly root: Root;
  readonly record: Root | Child;
  readonly mark: number;
  readonly loss: Loss;
}

/** Of what lives. A text of another's mark would make one thing of two: nobody could tell any more which is meant. */
function lostIn({ store }: World): readonly Lost[] {
  const items = store.items();
  const at = new Map(items.map(({ pk, sk, data }) => [`${pk} ${sk}`, data]));
  return items.flatMap(({ pk, sk, data }) => {
    if (!sk.startsWith('history#') && !sk.startsWith('note#')) return [];
    const root = at.get(`${pk} root`) as Root | undefined;
    if (root === undefined || root.foldedInto !== undefined || root.deleted !== undefined) return [];
    return (data as History | Note).losses.flatMap((loss): readonly Lost[] => {
      const record = loss.record === root.id ? root : (at.get(`${pk} child#${loss.record}`) as Child);
      if (record === undefined || record.deleted !== undefined || isReference(record.kind, loss.field))
        return [];
      const mark = markIn(record.fields[MARKED[record.kind]]);
      const isAnothers = loss.field === MARKED[record.kind] && markIn(loss.lost) !== mark;
      if (mark === undefined || isAnothers) return [];
      return [{ organization: pk.split('#')[0] as OrganizationId, root, record, mark, loss }];
    });
  });
}
