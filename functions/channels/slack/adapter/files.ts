import type { ExternalId } from '../../../../shared/domain/index.ts';
import { InvalidInputError, ProviderRejectedError } from '../../../../shared/errors.ts';
import { fileFrom } from '../../../../shared/http/download.ts';
import type {
  Adapter,
  CopyRef,
  Download,
  Grant,
  Health,
  Integration,
  Opening,
  PublicChange,
  RemoteState,
  UploadIn,
  WriteOutcome,
} from '../../../../shared/ports/index.ts';
import { adapter as words } from '../adapter.ts';
import { SlackFiles } from '../client/files.ts';
import { reading } from '../client/web.ts';
import { SlackClient } from '../client.ts';
import { failureOf, statusFailure } from '../errors.ts';
import { placeOf, type SlackPlace } from '../ids.ts';
import { createdMs, fileObservation, firstShareOf, isSharedIn } from '../mapping/files.ts';
import type { SlackFile } from '../wire.ts';

/** The file is gone, or nobody may tell: what was staged has to be staged again. */
const UNKNOWN_FILE = new Set(['file_not_found', 'file_deleted', 'file_update_failed']);

/** Files alone, in a function of their own; customer-visible as all of Slack is. */
export const adapter: Adapter<PublicChange> = {
  ...words,
  open: (opening, grant) => new SlackFileIntegration(opening, grant),
};

type FileChange = Extract<PublicChange, { kind: 'attachment'; operation: 'create' }>;

class SlackFileIntegration implements Integration<PublicChange> {
  readonly #opening: Opening;
  readonly #grant: Grant;
  readonly #files: SlackFiles;

  constructor(opening: Opening, grant: Grant) {
    this.#opening = opening;
    this.#grant = grant;
    this.#files = new SlackFiles(opening, grant.accessToken);
  }

  check(): Promise<Health> {
    return words.open(this.#opening, this.#grant).check();
  }

  async read({ externalId }: CopyRef): Promise<RemoteState> {
    try {
      const file = await this.#files.info(externalId);
      const observation = this.#observation(file);
      return observation === undefined ? { state: 'absent' } : { state: 'present', observation };
    } catch (thrown) {
      const { error, code } = failureOf(thrown);
      if (code === 'file_deleted') return { state: 'deleted' };
      if (code === 'file_not_found') return { state: 'absent' };
      throw error;
    }
  }

  async download({ externalId }: CopyRef): Promise<Download> {
    const file = await reading(() => this.#files.info(externalId));
    const url = file.url_private_download;
    if (typeof url !== 'string' || url === '')
      throw rejected('slack has no bytes of this file', 'no_content');
    return { body: this.#bytes(url, file) };
  }

  upload = async (file: UploadIn<PublicChange>, content: AsyncIterable<Uint8Array>): Promise<ExternalId> => {
    const { name, size } = file.attachment;
    return await reading(async () => {
      const { url, id } = await this.#files.reserve(name, size);
      await this.#files.send(url, size, content);
      return id as ExternalId;
    });
  };

  write = async (change: PublicChange): Promise<WriteOutcome> => {
    try {
      if (change.kind !== 'attachment')
        return refused('rejected', `a ${change.kind} is no file`, 'not_supported');
      if (change.operation === 'create') return await this.#share(change);
      if (change.operation === 'update') return refused('rejected', 'slack renames no file', 'not_supported');
      await this.#files.remove(change.externalId);
      return { outcome: 'settled', externalId: change.externalId };
    } catch (thrown) {
      const { error, fate, code } = failureOf(thrown);
      if (code === 'file_deleted') return { outcome: 'refused', why: 'gone', error };
      return fate === 'unknown' ? { outcome: 'uncertain', error } : { outcome: 'refused', why: fate, error };
    }
  };

  /**
   * Nobody says what a second completion does, and it could show the file twice: where one was in doubt, the file itself
   * tells whether it was shared.
   */
  async #share({ staged, parent, attachment }: FileChange): Promise<WriteOutcome> {
    const place = placeOf(parent.rootExternalId ?? parent.externalId);
    const settled = { outcome: 'settled', externalId: staged as ExternalId } as const;
    try {
      if (isSharedIn(await this.#files.info(staged), place.channel, place.ts)) return settled;
      if (!(await this.#isThere(place)))
        return refused('gone', 'the conversation was deleted in slack', 'thread_not_found');
      const { channel, ts: threadTs } = place;
      await this.#files.share({ id: staged, title: attachment.name, channel, threadTs });
      return settled;
    } catch (thrown) {
      const { error, code } = failureOf(thrown);
      if (code !== undefined && UNKNOWN_FILE.has(code)) return { outcome: 'refused', why: 'conflict', error };
      throw thrown;
    }
  }

  /** What is put under a message that is gone stands in the channel, before everybody's eyes. */
  async #isThere({ channel, ts }: SlackPlace): Promise<boolean> {
    if (ts === undefined) return true;
    const client = new SlackClient(this.#opening, this.#grant.accessToken);
    return (await client.message(channel, ts, ts)) !== undefined;
  }

  #observation(file: SlackFile) {
    const isOurs = file.user !== undefined && file.user === this.#opening.connection.hubUserId;
    return fileObservation(file, { isOurs, atMs: createdMs(file), parent: firstShareOf(file) });
  }

  async *#bytes(url: string, { size, mimetype }: SlackFile): AsyncGenerator<Uint8Array, void> {
    try {
      const answer = await this.#files.get(url);
      // Without a good token, or the right to read files, one is sent to sign in.
      if (answer.status >= 300 && answer.status < 400)
        throw rejected('slack wants somebody to sign in for this file', 'login_page');
      if (answer.status !== 200) throw statusFailure(answer.status, answer.headers.get('retry-after'));
      yield* fileFrom(answer, { vendor: 'slack', size: size ?? undefined, type: mimetype ?? undefined });
    } catch (thrown) {
      const { error } = failureOf(thrown);
      if (error instanceof InvalidInputError)
        throw rejected('slack keeps this file where the hub does not go', 'foreign_address', error);
      throw error;
    }
  }
}

function rejected(message: string, vendorCode: string, cause?: unknown): ProviderRejectedError {
  return new ProviderRejectedError(message, { vendorCode, ...(cause === undefined ? {} : { cause }) });
}

function refused(why: 'rejected' | 'gone', message: string, vendorCode: string): WriteOutcome {
  return { outcome: 'refused', why, error: rejected(message, vendorCode) };
}
