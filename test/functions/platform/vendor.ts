import type { ExternalId, Fields, Visibility } from '../../../shared/domain/index.ts';
import { ProviderRejectedError } from '../../../shared/errors.ts';
import type { Clock, CopyRef, Integration, Observation, RemoteChange } from '../../../shared/ports/index.ts';
import type { VirtualClock } from '../../memory/index.ts';

interface Held {
  readonly ref: CopyRef;
  readonly fields: Fields;
  readonly visibility?: Visibility;
}

export interface PlainVendor extends Integration {
  /** What it holds, by its own id. */
  readonly held: ReadonlyMap<string, Held>;
  /** Refuses every write from here on, or takes them again. */
  refuse(code: string | undefined): void;
  /** Something it has from elsewhere. */
  has(ref: CopyRef, fields: Fields): void;
}

/** The simplest vendor there can be: it holds what it is given, at once and as it is. */
export function plainVendor(name: string, clock: Clock): PlainVendor {
  const held = new Map<string, Held>();
  let refusal: string | undefined;
  let made = 0;

  function observe({ ref, fields, visibility = 'public' }: Held): Observation {
    return {
      ...ref,
      fields,
      authorship: 'unknown',
      atMs: clock.now(),
      isComplete: true,
      ...(ref.kind === 'comment' || ref.kind === 'attachment' ? { visibility } : {}),
    };
  }

  function keep(change: RemoteChange): Held {
    made += 1;
    const isNew = change.operation === 'create';
    const id = 'staged' in change ? change.staged : (`${name}-${made}` as ExternalId);
    const externalId = isNew ? id : change.externalId;
    const root = 'rootExternalId' in change ? change.rootExternalId : undefined;
    const ref = { kind: change.kind, externalId, ...(root === undefined ? {} : { rootExternalId: root }) };
    const before = held.get(externalId);
    const visibility = visibilityIn(change) ?? before?.visibility;
    const item = {
      ref,
      fields: { ...before?.fields, ...change.fields },
      ...(visibility === undefined ? {} : { visibility }),
    };
    held.set(externalId, item);
    return item;
  }

  return {
    held,
    refuse(code) {
      refusal = code;
    },
    has(ref, fields) {
      held.set(ref.externalId, { ref, fields });
    },
    check: async () => ({ state: 'healthy', account: name }),
    match: async () => undefined,
    find: async () => undefined,
    async read({ externalId }) {
      const item = held.get(externalId);
      return item === undefined ? { state: 'absent' } : { state: 'present', observation: observe(item) };
    },
    download: async ({ externalId }) => ({ body: bytesOf(externalId) }),
    async upload(_file, content) {
      for await (const _piece of content) made += 1;
      return `${name}-file-${made}` as ExternalId;
    },
    async write(change) {
      if (refusal !== undefined) {
        const error = new ProviderRejectedError('the vendor requires a field', { vendorCode: refusal });
        return { outcome: 'refused', why: 'rejected', error };
      }
      const item = keep(change);
      return { outcome: 'settled', externalId: item.ref.externalId, observation: observe(item) };
    },
  };
}

function visibilityIn(change: RemoteChange): Visibility | undefined {
  if ('attachment' in change) return change.attachment.visibility;
  return 'comment' in change ? change.comment.visibility : undefined;
}

async function* bytesOf(externalId: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(`bytes of ${externalId}`);
}

interface Working {
  readonly clock: VirtualClock;
  work(integration: string, vendor: Integration): Promise<void>;
  observe(): Promise<void>;
}

/** Lets everything that waits be done, as queues and workers would. */
export async function settle(hub: Working, vendors: Readonly<Record<string, Integration>>): Promise<void> {
  for (let round = 0; round < 8; round += 1) {
    hub.clock.advance(2_000);
    for (const [integration, vendor] of Object.entries(vendors)) await hub.work(integration, vendor);
    await hub.observe();
  }
}
