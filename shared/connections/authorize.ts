import { createHash, randomBytes } from 'node:crypto';
import { ConflictError, InvalidInputError } from '../errors.ts';
import type { Clock, Connection, Store } from '../ports/index.ts';
import { stateKey } from './keys.ts';
import type { PendingAuthorization } from './state.ts';

/** A person who has not come back by then starts again. */
export const STATE_LIFE_MS = 10 * 60_000;

export interface Begun {
  /** Goes through the vendor and back; nothing can be learned from it. */
  readonly state: string;
  readonly codeChallenge: string;
}

/** OAuth states with PKCE (RFC 7636, S256): bound to one connection and one person, good once, for ten minutes. */
export interface States {
  begin(connection: Connection, actor: string): Promise<Begun>;
  /** @throws InvalidInputError for a state never given, used up, or too old: all alike */
  redeem(state: string): Promise<PendingAuthorization>;
}

export function createStates({ store, clock }: { store: Store; clock: Clock }): States {
  return {
    async begin({ organization, id }, actor) {
      const [state, codeVerifier] = [token(), token()];
      const data: PendingAuthorization = { organization, connection: id, actor, codeVerifier };
      const expiresAt = Math.floor((clock.now() + STATE_LIFE_MS) / 1_000);
      await store.commit([{ put: { ...stateKey(digest(state)), data, expiresAt }, expect: 0 }]);
      return { state, codeChallenge: digest(codeVerifier) };
    },
    async redeem(state) {
      const key = stateKey(digest(state));
      const item = await store.get<PendingAuthorization>(key.pk, key.sk);
      if (item === undefined) throw notOurs();
      try {
        await store.commit([{ remove: key, expect: item.version }]);
      } catch (error) {
        if (error instanceof ConflictError) throw notOurs();
        throw error;
      }
      return item.data;
    },
  };
}

function notOurs(): InvalidInputError {
  return new InvalidInputError('the authorization state is unknown, used or older than ten minutes', {
    pointer: '/state',
  });
}

function token(): string {
  return randomBytes(32).toString('base64url');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
