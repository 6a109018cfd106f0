import { HubError } from '../errors.ts';
import type { Clock, Connection, Health, Item, Platform, Queues, Random, Store } from '../ports/index.ts';
import { lastEventAt } from '../sync/index.ts';
import { record, storeAudit } from './audit.ts';
import { checkItem, LOOK_EVERY_MS } from './check-item.ts';
import type { Directory } from './directory.ts';
import { CHECKS, proofKey } from './keys.ts';
import type { IntegrationCode, Opener } from './opener.ts';
import { looked } from './pulse.ts';
import type { Check, Proof } from './state.ts';
import { isFailing } from './vitals.ts';

/**
 * A connection without a proof for this long is asked. An hour keeps a refresh token in use that its vendor lets
 * die after 30 idle days (https://docs.slack.dev/authentication/using-pkce), and shows a dead link the same hour.
 */
export const QUIET_MS = 60 * 60_000;
/** A check sees what work does not, such as a scope that was taken away: a busy connection has one a day. */
export const CHECK_EVERY_MS = 24 * 60 * 60_000;
const AT_ONCE = 10;

export interface CheckDeps {
  readonly store: Store;
  /** Where accepted events are kept: their lists say when one last came. */
  readonly records: Pick<Store, 'page'>;
  readonly directory: Pick<Directory, 'get'>;
  readonly queues: Queues;
  readonly clock: Clock;
  readonly random: Random;
}

/** Has quiet connections asked, `most` looked at; the rest has its turn at the next run, whoever waits longest first. */
export async function orderChecks(deps: CheckDeps, most: number): Promise<number> {
  const due = await deps.store.due(CHECKS, deps.clock.now(), most);
  let ordered = 0;
  for (let from = 0; from < due.length; from += AT_ONCE) {
    const looks = due.slice(from, from + AT_ONCE).map((key) => lookAt(deps, key));
    for (const result of await Promise.allSettled(looks)) {
      // One that somebody else has just looked at, or that cannot be looked at now, is due again.
      if (result.status === 'fulfilled' && result.value) ordered += 1;
    }
  }
  return ordered;
}

/** Put off first, on the condition that nobody else has: a connection is asked once. */
async function lookAt(deps: CheckDeps, { pk, sk }: { pk: string; sk: string }): Promise<boolean> {
  const { store, clock, random, queues } = deps;
  const nowMs = clock.now();
  const item: Item<Check> | undefined = await store.get<Check>(pk, sk);
  if (item === undefined || (item.due?.atMs ?? 0) > nowMs) return false;
  const { organization, connection: id } = item.data;
  const [connection, lastEventAtMs, proof] = await Promise.all([
    deps.directory.get(organization, id),
    lastEventAt(deps.records, organization, id),
    store.get<Proof>(proofKey(organization, id).pk, proofKey(organization, id).sk),
  ]);
  if (connection === undefined) {
    await store.commit([{ remove: { pk, sk }, expect: item.version }]);
    return false;
  }
  const dueAtMs = nowMs + Math.ceil(LOOK_EVERY_MS * (0.9 + random.next() / 5));
  const isOrdered = isWanted(connection, { proof: proof?.data ?? {}, check: item.data, nowMs });
  const checkedAtMs = isOrdered ? nowMs : item.data.checkedAtMs;
  // Nothing is to be learned from a connection that is set aside.
  const isActive = connection.state.kind === 'active';
  const pulse = isActive ? looked(item.data.pulse, { nowMs, lastEventAtMs }) : item.data.pulse;
  const next = { dueAtMs, checkedAtMs, ...(pulse && { pulse }) };
  await store.commit([{ put: checkItem(connection, next), expect: item.version }]);
  if (!isOrdered) return false;
  await queues.sendWork(connection.integration, { type: 'check', organization, connection: id });
  return true;
}

function isWanted(
  { state }: Connection,
  { proof, check, nowMs }: { readonly proof: Proof; readonly check: Check; readonly nowMs: number },
): boolean {
  if (state.kind !== 'active') return false;
  const isQuiet = nowMs - (proof.lastProofAtMs ?? 0) >= QUIET_MS;
  return isQuiet || isFailing(proof) || nowMs - check.checkedAtMs >= CHECK_EVERY_MS;
}

/** Asks the vendor now and writes down what it said; says whether the link has come back to life by it. */
export async function checkNow(
  { opener, code, platform }: { opener: Opener; code: IntegrationCode; platform: Platform },
  connection: Connection,
): Promise<'back' | 'as it was'> {
  if (connection.state.kind !== 'active') return 'as it was';
  const before = await opener.proofs.read(connection);
  const health = await asked(opener, code, connection);
  const { organization, id } = connection;
  const { clock, random, stores } = platform;
  const isHealthy = health.state === 'healthy';
  await record(
    { audit: storeAudit({ store: stores.audit, random }), clock },
    {
      organization,
      connection: id,
      actor: 'hub',
      action: 'connection.checked',
      outcome: isHealthy ? 'done' : 'refused',
      ...(isHealthy ? {} : { facts: { code: health.error.code } }),
    },
  );
  return isHealthy && isFailing(before) ? 'back' : 'as it was';
}

/** A connection that cannot even be opened is its owner's to mend, and no reason to ask again and again. */
async function asked(opener: Opener, code: IntegrationCode, connection: Connection): Promise<Health> {
  try {
    const opened = await opener.open(connection, code, { priority: 'live' });
    try {
      return await opened.integration.check();
    } finally {
      await opened.settle();
    }
  } catch (error) {
    if (!(error instanceof HubError)) throw error;
    await opener.proofs.failed(connection, error);
    return { state: 'unhealthy', error };
  }
}
