import { createHash } from 'node:crypto';
import type { OrganizationId } from '../../../shared/domain/index.ts';
import { ConflictError } from '../../../shared/errors.ts';
import type { Clock, Random, Store } from '../../../shared/ports/index.ts';
import type { Caller } from './call.ts';
import { IdempotencyKeyReusedError } from './problem.ts';

/** As long as the engine remembers an edit's key. */
const KEPT_SECONDS = 86_400;

interface Reserved {
  readonly digest: string;
  readonly id: string;
}

/** Ids given out ahead of what they will name: whoever asks again under the same key gets the same. */
export interface Reservations {
  /** @throws IdempotencyKeyReusedError when the key stands for another request */
  idFor(caller: Caller, key: string, request: unknown): Promise<string>;
}

const digestOf = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url');

/** Two clients of one organization may both begin to count at 1: a key is its caller's own. */
export function ownKey({ actor }: Pick<Caller, 'actor'>, key: string): string {
  return digestOf([actor, key]);
}

const keyOf = (organization: OrganizationId, key: string) => ({
  pk: `${organization}#request#${key}`,
  sk: 'request',
});

export function createReservations(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly random: Random;
}): Reservations {
  const { store, clock, random } = deps;
  const known = async ({ pk, sk }: ReturnType<typeof keyOf>, digest: string) => {
    const item = await store.get<Reserved>(pk, sk);
    if (item !== undefined && item.data.digest !== digest) throw new IdempotencyKeyReusedError(REUSED);
    return item?.data.id;
  };
  return {
    async idFor(caller, key, request) {
      const at = keyOf(caller.organization, ownKey(caller, key));
      const data: Reserved = { digest: digestOf(request), id: random.id() };
      const before = await known(at, data.digest);
      if (before !== undefined) return before;
      const expiresAt = Math.ceil(clock.now() / 1_000) + KEPT_SECONDS;
      try {
        await store.commit([{ put: { ...at, data, expiresAt }, expect: 0 }]);
        return data.id;
      } catch (error) {
        const meanwhile = error instanceof ConflictError ? await known(at, data.digest) : undefined;
        if (meanwhile === undefined) throw error;
        return meanwhile;
      }
    },
  };
}

export const REUSED = 'this idempotency key was used for another request';
