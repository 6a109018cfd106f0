import { createHash } from 'node:crypto';
import { type ExternalId, OBSERVATION_CONTENT_TYPE } from '../domain/index.ts';
import type { Arrival, Connection, EntryLane, Observation, Telemetry } from '../ports/index.ts';
import { accept, isAccepted } from '../sync/index.ts';
import { correlationOf } from '../telemetry/index.ts';

/** Within this of now a second state may still get the same stamp: such rows are never taken for known. */
const SETTLED_AFTER_MS = 30_000;

/**
 * A row the hub fetched, as it goes through the same door as events: one whose content is settled is the same event
 * whoever fetches it, and however often; a fresh one is so within one `run`.
 */
export function arrivalOf(
  connection: Connection,
  observation: Observation,
  given: {
    readonly lane: Exclude<EntryLane, 'changes'>;
    readonly run: string;
    readonly receivedAtMs: number;
    readonly redeliveryMs: number;
  },
): Arrival {
  const { run, ...rest } = given;
  const body = Buffer.from(JSON.stringify(observation));
  const { kind, externalId, atMs } = observation;
  const hash = createHash('sha256').update(body).digest('hex').slice(0, 32);
  const isSettled = given.receivedAtMs - atMs > SETTLED_AFTER_MS;
  return {
    ...rest,
    organization: connection.organization,
    connection: connection.id,
    eventId: [kind, externalId, hash, ...(isSettled ? [] : [run])].join(':'),
    group: groupOf(observation),
    contentType: OBSERVATION_CONTENT_TYPE,
    body,
  };
}

const OF_A_FILE = /^attachment:(.+?):[0-9a-f]{32}(?::|$)/;

/** The file that such a row tells of, by the row's id; undefined where it tells of none. */
export const fileIn = (eventId: string): ExternalId | undefined =>
  OF_A_FILE.exec(eventId)?.[1] as ExternalId | undefined;

/** A file belongs to the conversation it hangs in: its event may make known what it hangs on. */
const groupOf = ({ externalId, rootExternalId, parent }: Observation): string =>
  rootExternalId ?? parent?.rootExternalId ?? parent?.externalId ?? externalId;

export type Keeping = Parameters<typeof accept>[0] & { readonly telemetry: Telemetry };

/** Accepted and counted, or known already. */
export async function keep(
  deps: Keeping,
  connection: Connection,
  arrival: Arrival,
): Promise<'accepted' | 'duplicate'> {
  const outcome = await accept(deps, arrival);
  count(deps, connection, arrival, outcome);
  return outcome;
}

/**
 * A page of rows, in order; answers how many are new. A quiet vendor shows its last rows at every look: those known are
 * found by a read for each, all at once, which the table's adapter asks for together; a write refused for each would
 * cost as much as the write.
 */
export async function keepPage(
  deps: Keeping,
  connection: Connection,
  arrivals: readonly Arrival[],
): Promise<number> {
  const known = await Promise.all(arrivals.map((arrival) => isAccepted(deps, arrival)));
  let fresh = 0;
  for (const [at, arrival] of arrivals.entries()) {
    if (known[at]) count(deps, connection, arrival, 'duplicate');
    else if ((await keep(deps, connection, arrival)) === 'accepted') fresh += 1;
  }
  return fresh;
}

function count(
  { telemetry }: Keeping,
  { organization, id, integration }: Connection,
  { eventId }: Arrival,
  outcome: 'accepted' | 'duplicate',
): void {
  const name = outcome === 'accepted' ? 'Accepted' : 'Duplicates';
  const correlation = correlationOf(id, eventId);
  telemetry.metric(name, 1, { organization, connection: id, integration, correlation });
}
