import type { WebClient } from '@slack/web-api';
import type { Opening, TransferResponse } from '../../../../shared/ports/index.ts';
import { statusFailure } from '../errors.ts';
import { readAs, type SlackFile, slackWire } from '../wire.ts';
import { expected, webClient } from './web.ts';

export interface SlackSharing {
  readonly id: string;
  readonly title: string;
  readonly channel: string;
  readonly threadTs: string | undefined;
}

type Way = Pick<Opening, 'connection' | 'fetch' | 'transfer'>;

/** The methods of files, and the two addresses their bytes go through; in no function but that of files. */
export class SlackFiles {
  readonly #web: WebClient;
  readonly #opening: Way;
  readonly #token: string;

  constructor(opening: Way, token: string) {
    this.#opening = opening;
    this.#token = token;
    this.#web = webClient(opening, token);
  }

  /** https://docs.slack.dev/reference/methods/files.info */
  async info(id: string): Promise<SlackFile> {
    const answer = await this.#web.files.info({ file: id });
    return expected('files.info', () => readAs(slackWire.file, answer.file, '/file'));
  }

  /** https://docs.slack.dev/reference/methods/files.getUploadURLExternal */
  async reserve(filename: string, length: number): Promise<{ readonly url: string; readonly id: string }> {
    const answer = await this.#web.files.getUploadURLExternal({ filename, length });
    const { upload_url: url, file_id: id } = expected('files.getUploadURLExternal', () =>
      readAs(slackWire.upload, answer, ''),
    );
    return { url, id };
  }

  /** The official client would hold all of it. Nobody need sign in who knows the address. */
  async send(url: string, length: number, content: AsyncIterable<Uint8Array>): Promise<void> {
    const headers = { 'content-type': 'application/octet-stream' };
    const answer = await this.#opening.transfer({ method: 'POST', url, headers, body: { length, content } });
    for await (const _ of answer.body);
    if (answer.status !== 200) throw statusFailure(answer.status, answer.headers.get('retry-after'));
  }

  /** https://docs.slack.dev/reference/methods/files.completeUploadExternal */
  async share({ id, title, channel, threadTs }: SlackSharing): Promise<void> {
    const files: [{ id: string; title: string }] = [{ id, title }];
    await this.#web.files.completeUploadExternal(
      threadTs === undefined
        ? { files, channel_id: channel }
        : { files, channel_id: channel, thread_ts: threadTs },
    );
  }

  /** https://docs.slack.dev/reference/methods/files.delete */
  async remove(id: string): Promise<void> {
    await this.#web.files.delete({ file: id });
  }

  /** https://docs.slack.dev/reference/objects/file-object (Authentication) */
  async get(url: string): Promise<TransferResponse> {
    return await this.#opening.transfer({
      method: 'GET',
      url,
      headers: { authorization: `Bearer ${this.#token}` },
    });
  }
}
