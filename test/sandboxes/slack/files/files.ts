import { randomBytes } from 'node:crypto';
import type { Taken } from '../../contents.ts';
import type { Journal } from '../journal.ts';
import type { SandboxFile } from '../model.ts';

type Json = Record<string, unknown>;
type Share = SandboxFile['shares'][number];

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  pdf: 'application/pdf',
  txt: 'text/plain',
  html: 'text/html',
  zip: 'application/zip',
};

/** Every file of a workspace, and how each is shown: https://docs.slack.dev/reference/objects/file-object */
export class Files {
  readonly #journal: Journal;
  readonly #teamId: string;
  /** Where files are served; known once the server listens. */
  url = '';

  constructor(journal: Journal, teamId: string) {
    this.#journal = journal;
    this.#teamId = teamId;
  }

  all(): readonly SandboxFile[] {
    return [...this.#table().values()];
  }

  get(id: string): SandboxFile | undefined {
    return this.#table().get(id);
  }

  byTicket(ticket: string): SandboxFile | undefined {
    return this.all().find((file) => file.ticket === ticket);
  }

  reserve(given: Pick<SandboxFile, 'name' | 'size' | 'user' | 'createdMs'>): SandboxFile {
    const id = `F0FILE${String(this.#table().size).padStart(5, '0')}`;
    const ticket = randomBytes(16).toString('hex');
    return this.put({
      ...given,
      id,
      ticket,
      title: given.name,
      mimetype: typeOf(given.name),
      state: 'reserved',
      mode: 'hosted',
      shares: [],
    });
  }

  put(file: SandboxFile): SandboxFile {
    return this.#journal.put('files', file.id, file);
  }

  fill(file: SandboxFile, { content, size, sha256 }: Taken): SandboxFile {
    return this.put({ ...file, content, size, sha256, state: 'uploaded' });
  }

  share(id: string, share: Share): void {
    const file = this.get(id)!;
    this.put({ ...file, state: 'complete', shares: [...file.shares, share] });
  }

  remove(id: string): void {
    const { content: _, ...file } = this.get(id)!;
    this.put({ ...file, state: 'deleted' });
  }

  uploadUrl({ ticket = '' }: SandboxFile): string {
    return `${this.url}/upload/v1/${ticket}`;
  }

  /** What is left of a deleted file, and what is told of another workspace's, is little more than its id. */
  inMessage(id: string): Json {
    const file = this.get(id)!;
    if (file.state === 'deleted') return { id, mode: 'tombstone' };
    if (file.isForeign)
      return { id, mode: 'file_access', file_access: 'check_file_info', created: 0, user: '' };
    return this.wire(file);
  }

  /** `isProcessed`: until a job of Slack's has looked at it, a file has no type, and nothing says where it was shared. */
  wire(file: SandboxFile, isProcessed = true): Json {
    const { id, name, title, mimetype, size, user, mode, createdMs } = file;
    const path = `${this.#teamId}-${id}`;
    const safe = encodeURIComponent(name);
    const isExternal = mode === 'external';
    return {
      id,
      created: Math.floor(createdMs / 1_000),
      timestamp: Math.floor(createdMs / 1_000),
      name,
      title,
      mimetype: isProcessed ? mimetype : '',
      filetype: isProcessed ? (name.split('.').at(-1) ?? '') : '',
      user,
      size: isExternal ? 0 : size,
      mode,
      is_external: isExternal,
      external_type: isExternal ? 'gdrive' : '',
      file_access: 'visible',
      permalink: `${this.url}/files/${user}/${id}/${safe}`,
      ...(isExternal
        ? { external_url: `https://drive.example/${id}`, url_private: `https://drive.example/${id}` }
        : {
            url_private: `${this.url}/files-pri/${path}/${safe}`,
            url_private_download: `${this.url}/files-pri/${path}/download/${safe}`,
          }),
    };
  }

  /** As files.info answers it, with where it was shared. */
  described(file: SandboxFile, isPublic: (channel: string) => boolean, isProcessed = true): Json {
    const shares: Record<'public' | 'private', Record<string, Json[]>> = { public: {}, private: {} };
    for (const { channel, ts, threadTs } of isProcessed ? file.shares : []) {
      const side = shares[isPublic(channel) ? 'public' : 'private'];
      side[channel] = [
        ...(side[channel] ?? []),
        { ts, ...(threadTs === undefined ? {} : { thread_ts: threadTs }), share_user_id: file.user },
      ];
    }
    const sides = Object.entries(shares).filter(([, channels]) => Object.keys(channels).length > 0);
    return { ...this.wire(file, isProcessed), shares: Object.fromEntries(sides) };
  }

  #table(): Map<string, SandboxFile> {
    return this.#journal.table<SandboxFile>('files');
  }
}

export const typeOf = (name: string): string =>
  TYPES[name.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream';
