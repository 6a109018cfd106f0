import type { RecordKind } from '../domain/record.ts';
import { ConflictError, type HubError, ProviderRejectedError } from '../errors.ts';
import type { Clock, Connection, Store } from '../ports/index.ts';
import { type Seen, update } from '../resilience/index.ts';
import { proofKey } from './keys.ts';
import type { Proof, RefusedPulls } from './state.ts';

/** A proof is written once in this time; a failure at once. */
const EVERY_MS = 60_000;
/** The second between two messages of one channel is no news. */
const NOTICED_MS = 10_000;

export interface Proofs {
  /** The vendor answered as it should; asked whether it lives, what other functions have seen meanwhile counts. */
  answered(connection: Connection, how?: { readonly isAsked: boolean }): Promise<void>;
  failed(connection: Connection, error: HubError): Promise<void>;
  /** Calls are held back until then; only what a person would notice is written. */
  throttled(connection: Connection, untilMs: number): Promise<void>;
  /** How the kinds of one poll ended: refused by the vendor, or listed. Answers what is news of them. */
  pulled(connection: Connection, ends: Pulled): Promise<Pulled>;
  read(connection: Pick<Connection, 'organization' | 'id'>): Promise<Proof>;
}

export type Pulled = ReadonlyMap<RecordKind, ProviderRejectedError | 'listed'>;

/** When the vendor itself last showed that the link lives; nothing else makes a connection healthy. */
export function createProofs({ store, clock }: { store: Store; clock: Clock }): Proofs {
  const known = new Map<string, Seen<Proof>>();
  const write = async (
    connection: Connection,
    decide: (proof: Proof, nowMs: number) => Proof | undefined,
  ) => {
    try {
      await update<Proof, void>(
        store,
        proofKey(connection.organization, connection.id),
        (stored = {}) => {
          const data = decide(stored, clock.now());
          return { answer: undefined, ...(data && { write: { data } }) };
        },
        known,
      );
    } catch (error) {
      // Everybody is writing the same news; one of them got through.
      if (!(error instanceof ConflictError)) throw error;
    }
  };
  return {
    answered: (connection, { isAsked } = { isAsked: false }) => {
      // What is remembered may be older than a failure another function has met.
      if (isAsked) known.clear();
      return write(connection, (proof, nowMs) => {
        const isNews = (proof.lastFailureAtMs ?? 0) >= (proof.lastProofAtMs ?? 0);
        // Only a check meets this failure: calls that need nothing of what it misses say nothing about it.
        if (isNews && !isAsked && proof.lastFailure === 'provider_rejected') return undefined;
        const isDue = nowMs - (proof.lastProofAtMs ?? 0) >= EVERY_MS;
        return isNews || isDue ? { ...proof, lastProofAtMs: nowMs } : undefined;
      });
    },
    failed: (connection, error) =>
      write(connection, (proof, nowMs) => ({ ...proof, lastFailureAtMs: nowMs, ...wordsOf(error) })),
    throttled: (connection, untilMs) =>
      write(connection, (proof, nowMs) => {
        const knownUntilMs = Math.max(nowMs, proof.throttledUntilMs ?? 0);
        return untilMs - knownUntilMs < NOTICED_MS ? undefined : { ...proof, throttledUntilMs: untilMs };
      }),
    // Read anew each time: a refusal remembered for too long would stay shown after it is over.
    pulled: ({ organization, id }, ends) =>
      update<Proof, Pulled>(store, proofKey(organization, id), (stored = {}) => {
        const { refusedPulls = {} } = stored;
        const news = newsIn(refusedPulls, ends);
        const data = { ...stored, refusedPulls: taken(refusedPulls, news, clock.now()) };
        return { answer: news, ...(news.size > 0 && { write: { data } }) };
      }),
    async read({ organization, id }) {
      const { pk, sk } = proofKey(organization, id);
      return (await store.get<Proof>(pk, sk))?.data ?? {};
    },
  };
}

function newsIn(known: RefusedPulls, ends: Pulled): Pulled {
  const codeOf = (end: ProviderRejectedError | 'listed') => (end === 'listed' ? undefined : end.vendorCode);
  return new Map([...ends].filter(([kind, end]) => known[kind]?.code !== codeOf(end)));
}

function taken(known: RefusedPulls, news: Pulled, nowMs: number): RefusedPulls {
  const left = Object.entries(known).filter(([kind]) => !news.has(kind as RecordKind));
  const refused = [...news].flatMap(([kind, end]) =>
    end === 'listed' ? [] : [[kind, whyOf(end, nowMs)] as const],
  );
  return Object.fromEntries([...left, ...refused]);
}

const whyOf = ({ vendorCode, message, fault }: ProviderRejectedError, sinceMs: number) =>
  ({ code: vendorCode, reason: message, fault, sinceMs }) as const;

function wordsOf(error: HubError) {
  return {
    lastFailure: error.code,
    lastFailureCode: error instanceof ProviderRejectedError ? error.vendorCode : error.code,
    lastFailureReason: error.message,
    lastFailureFault: error.fault,
  };
}
