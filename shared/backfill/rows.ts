import { arrivalOf, fileIn, type Keeping, keep } from '../connections/index.ts';
import type { ConnectionId, InboxId, JobId, OrganizationId } from '../domain/ids.ts';
import type { Arrival, Connection, Observation, Store } from '../ports/index.ts';
import { awaitsBytes, type EndState, endOf } from '../sync/index.ts';
import type { BackfillJob } from './job.ts';

const AT_ONCE = 16;
/** Rows end about in the order they were sent: where the first of them are open, the rest are not looked at. */
const LOOKED_AT_ONCE = 50;

/** The rows of a backfill at the hub's own door. */
export interface Rows {
  /** Each through the same door as an event; one that was there before is no other row. In the order of the page. */
  keep(connection: Connection, observations: readonly Observation[], job: JobId): Promise<readonly InboxId[]>;
  /** Ends of outstanding rows, as far as they have one; that of a file has none before its bytes are here. */
  endsOf(job: BackfillJob): Promise<ReadonlyMap<InboxId, EndState>>;
}

export function createRows(deps: Keeping & { readonly store: Store; readonly redeliveryMs: number }): Rows {
  const isToBeFetched = async ({ inbox, ...of }: Row): Promise<boolean> => {
    const file = fileIn(inbox);
    return file !== undefined && (await awaitsBytes(deps.store, { ...of, file }));
  };
  return {
    async keep(connection, observations, job) {
      const given = { lane: 'backfill', redeliveryMs: deps.redeliveryMs, run: job } as const;
      const arrivals = observations.map((observation) =>
        arrivalOf(connection, observation, { ...given, receivedAtMs: deps.clock.now() }),
      );
      const groups = [...Map.groupBy(arrivals, ({ group }) => group).values()];
      await atOnce(AT_ONCE, groups, (group) => keepInOrder(deps, connection, group));
      return arrivals.map(({ eventId }) => eventId as InboxId);
    },
    async endsOf({ organization, connection, outstanding, startedAtMs }) {
      const ends = new Map<InboxId, EndState>();
      for (let from = 0; from < outstanding.length; from += LOOKED_AT_ONCE) {
        const some = outstanding.slice(from, from + LOOKED_AT_ONCE);
        const known = ends.size;
        await Promise.all(
          some.map(async (row) => {
            const inbox = row as InboxId;
            const end = await endOf(deps.store, { organization, connection, inbox }, startedAtMs);
            if (end !== 'open' && !(await isToBeFetched({ organization, connection, inbox })))
              ends.set(inbox, end);
          }),
        );
        if (ends.size - known < some.length / 2) break;
      }
      return ends;
    },
  };
}

interface Row {
  readonly organization: OrganizationId;
  readonly connection: ConnectionId;
  readonly inbox: InboxId;
}

async function keepInOrder(
  deps: Keeping,
  connection: Connection,
  arrivals: readonly Arrival[],
): Promise<void> {
  for (const arrival of arrivals) await keep(deps, connection, arrival);
}

async function atOnce<Each>(
  count: number,
  all: readonly Each[],
  work: (each: Each) => Promise<void>,
): Promise<void> {
  const left = all.values();
  await Promise.all(
    Array.from({ length: count }, async () => {
      for (const each of left) await work(each);
    }),
  );
}
