import type { ConnectionId, ExternalId } from '../../../shared/domain/index.ts';
import type {
  Download,
  Observation,
  RemoteChange,
  Upload,
  WriteOutcome,
} from '../../../shared/ports/index.ts';
import type { Root, Rules } from '../../../shared/sync/index.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, hubOver, type Site, settled } from './hub.ts';

export const [CHAT, DESK] = ['chat' as ConnectionId, 'desk' as ConnectionId];
export const LIMIT_BYTES = 1_000;
export const PHOTO = Buffer.from('the bytes of a photo');

export const THREAD = {
  kind: 'ticket',
  externalId: 'thread-1' as ExternalId,
  fields: { description: 'it burns' },
} as const;
export const MESSAGE = {
  kind: 'comment',
  externalId: 'message-1' as ExternalId,
  rootExternalId: THREAD.externalId,
  fields: { body: 'see here' },
  visibility: 'public',
} as const;
export const FILE = {
  kind: 'attachment',
  externalId: 'file-1' as ExternalId,
  parent: { kind: 'ticket', externalId: THREAD.externalId },
  fields: { name: 'photo.png', type: 'image/png', size: PHOTO.length },
  visibility: 'public',
} as const;
/** As a file of the case would be told of by the desk. */
export const CASE_FILE = { ...FILE, parent: { kind: 'ticket', externalId: 'case-1' as ExternalId } } as const;

export interface Vendor {
  readonly calls: string[];
  readonly written: RemoteChange[];
  readonly uploaded: { readonly file: Upload; readonly bytes: Buffer }[];
  download: () => Promise<Download>;
  upload: (file: Upload, content: AsyncIterable<Uint8Array>) => Promise<ExternalId>;
  answer: (change: RemoteChange) => WriteOutcome;
  present: Partial<Observation> | undefined;
  isDeleted?: true;
  mergedInto?: ExternalId;
}

export async function* inPieces(bytes: Buffer, size = 7): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
export async function whole(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of content) pieces.push(piece);
  return Buffer.concat(pieces);
}

function vendor(): Vendor {
  const self: Vendor = {
    calls: [],
    written: [],
    uploaded: [],
    present: undefined,
    download: async () => ({ body: inPieces(PHOTO) }),
    upload: async (file, content) => {
      self.uploaded.push({ file, bytes: await whole(content) });
      return `staged-${self.uploaded.length}` as ExternalId;
    },
    answer: (change) =>
      'staged' in change ? { outcome: 'settled', externalId: change.staged } : settled(change),
  };
  return self;
}

const portOf = (to: Vendor): Site['port'] => ({
  read: async (copy) =>
    to.present === undefined
      ? to.isDeleted
        ? { state: 'deleted', ...(to.mergedInto && { mergedInto: to.mergedInto }) }
        : { state: 'absent' }
      : {
          state: 'present',
          observation: { ...copy, authorship: 'other', atMs: 1, isComplete: true, fields: {}, ...to.present },
        },
  download: (copy) => {
    to.calls.push(`download ${copy.externalId}`);
    return to.download();
  },
  upload: (file, content) => {
    to.calls.push(`upload ${file.attachment.name}`);
    return to.upload(file, content);
  },
  write: async (change) => {
    to.calls.push(`${change.operation} ${change.kind}`);
    to.written.push(change);
    return to.answer(change);
  },
});

/** A chat that customers read and a desk of the team, both of which carry files. */
export function filesHub(rules: Partial<Rules> = {}, storeOf?: Parameters<typeof hubOver>[2]) {
  const [chat, desk] = [vendor(), vendor()];
  const sites = {
    [CHAT]: { profile: { ...SLACK_LIKE, files: LIMIT_BYTES }, port: portOf(chat) },
    [DESK]: { profile: { ...SALESFORCE_LIKE, files: LIMIT_BYTES }, port: portOf(desk) },
  };
  return { ...hubOver(sites, rules, storeOf), chat, desk };
}
export type FilesHub = ReturnType<typeof filesHub>;

export function rootsOf({ deps }: FilesHub, kind: Root['kind']): readonly Root[] {
  return deps.store
    .items()
    .filter(({ pk, sk }) => pk.startsWith(`${ACME}#root#`) && sk === 'root')
    .map(({ data }) => data as Root)
    .filter((root) => root.kind === kind);
}
export const fileRoot = (hub: FilesHub): Root => rootsOf(hub, 'attachment')[0]!;
