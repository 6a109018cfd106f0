import type { OrganizationId, RecordId } from '../../domain/ids.ts';
import type { Conflict, Reading } from '../../ports/read.ts';
import { childKey, rootOf, rootPk } from '../keys.ts';
import type { AnyRecord, Child, Root } from '../state.ts';
import { isShown } from './comments.ts';
import { conflictsOf } from './journal.ts';
import { toldOfLosses } from './refusals.ts';
import { sliceOf } from './slices.ts';
import { type ReadingDeps, rootAt } from './source.ts';
import { journalOf } from './story.ts';

interface Placed {
  readonly root: Root;
  readonly record: AnyRecord;
}

/** Any record by its id, or the one it was folded into; what is known by its id alone is only there once it is read. */
export async function recordAt(
  deps: Pick<ReadingDeps, 'store'>,
  organization: OrganizationId,
  id: RecordId,
): Promise<Placed | undefined> {
  const root = await rootAt(deps, organization, rootOf(id));
  if (root === undefined) return undefined;
  if (id === rootOf(id)) return isHidden(root) ? undefined : { root, record: root };
  const record = await childAt(deps, organization, root, id);
  if (record?.foldedInto !== undefined) return recordAt(deps, organization, record.foldedInto);
  return record !== undefined && isShown(record) ? { root, record } : undefined;
}

const isHidden = ({ kind, unread }: Root): boolean => kind === 'attachment' && unread !== undefined;

/** One that is still on its way from a record folded into this one stands there yet. */
async function childAt(
  { store }: Pick<ReadingDeps, 'store'>,
  organization: OrganizationId,
  { id: root, givers = [] }: Root,
  id: RecordId,
): Promise<Child | undefined> {
  for (const holder of [root, ...givers]) {
    const { pk, sk } = childKey(organization, holder, id);
    const item = await store.get<Child>(pk, sk);
    if (item !== undefined) return item.data;
  }
  return undefined;
}

async function lossesOf(
  deps: ReadingDeps,
  organization: OrganizationId,
  { root, record }: Placed,
): Promise<readonly Conflict[]> {
  const journal = await journalOf(deps, organization, root);
  const told = await toldOfLosses(deps, organization, new Map([[record.id, record]]), journal);
  return conflictsOf(record, journal, { within: '', ...told });
}

const placeOf = ({ atMs, id }: Conflict): string => `${String(atMs).padStart(15, '0')} ${id}`;

export function recordReading(deps: ReadingDeps): Pick<Reading, 'losses' | 'loss'> {
  return {
    async losses(organization, id, options) {
      const at = await recordAt(deps, organization, id);
      if (at === undefined) return undefined;
      const list = `${rootPk(organization, at.root.id)} ${at.record.id} conflicts`;
      return sliceOf(list, await lossesOf(deps, organization, at), options, placeOf);
    },
    async loss(organization, id, conflict) {
      const at = await recordAt(deps, organization, id);
      const all = at === undefined ? [] : await lossesOf(deps, organization, at);
      const found = all.find((each) => each.id === conflict);
      return at && found && { conflict: found, root: at.root.id };
    },
  };
}
