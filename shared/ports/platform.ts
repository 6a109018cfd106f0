import type { ConnectionId } from '../domain/ids.ts';
import type { Secrets } from './connections.ts';
import type { Bus, Clock, JobQueues, Queues, Random } from './runtime.ts';
import type { Store } from './store.ts';
import type { Telemetry } from './telemetry.ts';

/** A key of one use, and the same key wrapped by the one that never leaves the key service. */
export interface DataKey {
  /** 32 bytes. */
  readonly plain: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** Envelope encryption's outer half. The context is authenticated: a key opens only in the context it was made for. */
export interface Keys {
  /** @throws ProviderUnavailableError */
  generate(context: Readonly<Record<string, string>>): Promise<DataKey>;
  /** @throws InvariantError when the key was not wrapped in this context; ProviderUnavailableError */
  unwrap(wrapped: Uint8Array, context: Readonly<Record<string, string>>): Promise<Uint8Array>;
}

/** The writing half of `Secrets`, for what makes connections. */
export interface SecretsWriter {
  /** Creates or replaces all values of a connection's secret. */
  put(connection: ConnectionId, values: Readonly<Record<string, string>>): Promise<void>;
  remove(connection: ConnectionId): Promise<void>;
}

/** What inbound functions run on; it loads nothing more, for this is the cold-start path. */
export interface InboundPlatform {
  readonly clock: Clock;
  readonly random: Random;
  readonly telemetry: Telemetry;
  readonly queues: Queues;
  readonly secrets: Secrets;
  readonly stores: { readonly records: Store; readonly connections: Store };
}

/** What every other function runs on. Parts are made when first asked for: a function is given no more than it uses. */
export interface Platform extends Omit<InboundPlatform, 'stores'> {
  readonly queues: Queues & JobQueues;
  readonly bus: Bus;
  readonly keys: Keys;
  readonly secretsWriter: SecretsWriter;
  /** Waits for something that others are about to do. */
  pause(ms: number): Promise<void>;
  /** One per table: what each protects is granted to each function apart. */
  readonly stores: {
    readonly records: Store;
    readonly connections: Store;
    readonly limits: Store;
    readonly audit: Store;
  };
  /** The one-machine hub: vendors may answer on plain http and on loopback. */
  readonly isLocal: boolean;
  /** What the stage wrote into HUB_SETTINGS, unread; shared/config reads it. */
  readonly settings: string | undefined;
  /** Where the hub itself is reached, without a trailing slash. */
  readonly publicUrl: string;
}
