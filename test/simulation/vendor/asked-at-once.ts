import type { RemoteChange } from '../../../shared/ports/index.ts';
import type { Invocation } from '../invocation.ts';
import type { Chronicle, Site } from '../truth.ts';

/** While one function waits for its answer, no other asks anything of the same object. What is given back ends the wait. */
export function noteAsked(
  { underWay, doubled }: Chronicle,
  { connection }: Site,
  run: Invocation,
  change: RemoteChange,
): () => void {
  const key = `${change.record} at ${connection}`;
  const other = underWay.get(key);
  const isOthers = other !== undefined && other.run !== run && !other.run.isDead;
  if (isOthers && !isKnownToBeMade(other.change, change)) doubled.push(key);
  underWay.set(key, { run, change });
  return () => {
    if (underWay.get(key)?.run === run) underWay.delete(key);
  };
}

/** Its vendor has told of what it made before it answered: whoever goes on with that asks for nothing twice. */
const isKnownToBeMade = (creation: RemoteChange, change: RemoteChange): boolean =>
  creation.operation === 'create' && change.operation !== 'create';
