import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { InvariantError } from '../../shared/errors.ts';
import type { HubEvent, Keys, Platform, Secrets, SecretsWriter } from '../../shared/ports/index.ts';
import { type VirtualClock, virtualClock } from './clock.ts';
import { type MemoryQueues, memoryQueues } from './queues.ts';
import { seededRandom } from './random.ts';
import { type RecordedTelemetry, recordedBus, recordedTelemetry } from './recorders.ts';
import { type MemoryStore, memoryStore } from './store.ts';

export interface MemoryPlatform extends Platform {
  readonly clock: VirtualClock;
  readonly telemetry: RecordedTelemetry;
  readonly queues: MemoryQueues;
  readonly events: readonly HubEvent[];
  readonly stores: {
    readonly records: MemoryStore;
    readonly connections: MemoryStore;
    readonly limits: MemoryStore;
    readonly audit: MemoryStore;
  };
}

/** All that a function runs on, in memory; another function of the same hub shares what `over` gives. */
export function memoryPlatform(over: Partial<MemoryPlatform> = {}): MemoryPlatform {
  const clock = over.clock ?? virtualClock();
  const store = () => memoryStore({ clock });
  const bus = recordedBus();
  const vault = memorySecretsVault();
  return {
    clock,
    random: seededRandom(1, clock),
    telemetry: recordedTelemetry(),
    queues: memoryQueues({ clock }),
    bus,
    events: bus.events,
    keys: memoryKeys(),
    secrets: vault,
    secretsWriter: vault,
    pause: async (ms) => clock.advance(ms),
    stores: { records: store(), connections: store(), limits: store(), audit: store() },
    isLocal: false,
    settings: undefined,
    publicUrl: 'https://hub.example',
    ...over,
  };
}

export function memorySecretsVault(): Secrets & SecretsWriter {
  const kept = new Map<string, Readonly<Record<string, string>>>();
  return {
    async get(connection) {
      return kept.get(connection);
    },
    async put(connection, values) {
      kept.set(connection, { ...values });
    },
    async remove(connection) {
      kept.delete(connection);
    },
  };
}

/** A key service whose one key never leaves it; the context is authenticated. */
export function memoryKeys(): Keys & { readonly calls: { generated: number; unwrapped: number } } {
  const master = randomBytes(32);
  const calls = { generated: 0, unwrapped: 0 };
  const bound = (context: Readonly<Record<string, string>>) =>
    Buffer.from(JSON.stringify(Object.entries(context).sort()));
  return {
    calls,
    async generate(context) {
      calls.generated += 1;
      const [plain, iv] = [randomBytes(32), randomBytes(12)];
      const cipher = createCipheriv('aes-256-gcm', master, iv).setAAD(bound(context));
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      return { plain, wrapped: Buffer.concat([iv, cipher.getAuthTag(), sealed]) };
    },
    async unwrap(wrapped, context) {
      calls.unwrapped += 1;
      try {
        const decipher = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, 12)).setAAD(
          bound(context),
        );
        decipher.setAuthTag(wrapped.subarray(12, 28));
        return Buffer.concat([decipher.update(wrapped.subarray(28)), decipher.final()]);
      } catch (cause) {
        throw new InvariantError('a key was not wrapped in this context', { cause });
      }
    },
  };
}
