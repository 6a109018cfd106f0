import type { ConnectionId } from '../../domain/ids.ts';
import type { RootKind } from '../../domain/record.ts';
import type { LinkView } from '../../ports/links.ts';
import type { Lane, Root } from '../state.ts';
import type { Places } from './source.ts';

function stateOf({ link, parked, pending, wake, want, reached }: Lane): LinkView['state'] {
  if (link.mergedInto !== undefined) return 'merged';
  if (link.dead !== undefined) return 'gone';
  if (link.parked !== undefined || parked !== undefined) return 'parked';
  return pending === undefined && wake === undefined && want <= reached ? 'settled' : 'behind';
}

/** Undefined for a lane that holds no copy and is not about to: a case told to a channel nobody wrote in. */
function linkView(kind: RootKind, [id, lane]: [string, Lane], places: Places): LinkView | undefined {
  const connection = id as ConnectionId;
  const place = places.get(connection);
  const { externalId } = lane.link;
  const state = stateOf(lane);
  if (place === undefined || (externalId === undefined && state === 'settled')) return undefined;
  const facet = place.manifest.kinds[kind]?.facet ?? 'ticket';
  return { connection, integration: place.manifest.id, facet, externalId, state };
}

export const linkViews = ({ kind, lanes }: Root, places: Places): readonly LinkView[] =>
  Object.entries(lanes).flatMap((each) => linkView(kind, each, places) ?? []);
