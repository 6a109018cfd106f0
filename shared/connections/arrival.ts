import { createHash } from 'node:crypto';
import { OBSERVATION_CONTENT_TYPE } from '../domain/index.ts';
import type { Arrival, Connection, EntryLane, Observation, Telemetry } from '../ports/index.ts';
import { accept } from '../sync/index.ts';
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

/** A file belongs to the conversation it hangs in: its event may make known what it hangs on. */
const groupOf = ({ externalId, rootExternalId, parent }: Observation): string =>
  rootExternalId ?? parent?.rootExternalId ?? parent?.externalId ?? externalId;

export type Keeping = Parameters<typeof accept>[0] & { readonly telemetry: Telemetry };

/** Accepted and counted, or known already. */
export async function keep(
  deps: Keeping,
  { organization, id, integration }: Connection,
  arrival: Arrival,
): Promise<'accepted' | 'duplicate'> {
  const outcome = await accept(deps, arrival);
  const name = outcome === 'accepted' ? 'Accepted' : 'Duplicates';
  const correlation = correlationOf(id, arrival.eventId);
  deps.telemetry.metric(name, 1, { organization, connection: id, integration, correlation });
  return outcome;
}
