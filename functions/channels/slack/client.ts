import type { WebAPICallResult, WebClient } from '@slack/web-api';
import { EndlessListingError } from '../../../shared/errors.ts';
import type { Opening } from '../../../shared/ports/index.ts';
import { expected, unexpected, webClient } from './client/web.ts';
import { METADATA_EVENT } from './mapping/observations.ts';
import { readAs, type SlackGrant, type SlackMessage, type SlackUser, slackWire } from './wire.ts';

export { reading } from './client/web.ts';

const PAGE_SIZE = 200;
/** Slack may answer a page of nothing and go on; so many in a row, and it does not mean it. */
const MOST_VAIN_PAGES = 3;

export interface SlackIdentity {
  readonly teamId: string;
  readonly userId: string;
  readonly botId: string | undefined;
  /** What the token may do, as every answer's header tells; undefined where it does not. */
  readonly scopes: readonly string[] | undefined;
}

export interface SlackPosting {
  readonly channel: string;
  readonly text: string;
  readonly threadTs: string | undefined;
  readonly username: string | undefined;
  readonly record: string;
}

/**
 * The few Web API methods the hub uses, by the official client: one attempt each, no waiting, no log.
 * Every method throws what the client threw; `failureOf` sorts it.
 */
export class SlackClient {
  readonly #web: WebClient;

  constructor(opening: Pick<Opening, 'connection' | 'fetch'>, token: string | undefined) {
    this.#web = webClient(opening, token);
  }

  /** https://docs.slack.dev/reference/methods/auth.test */
  async identity(): Promise<SlackIdentity> {
    const { team_id, user_id, bot_id, response_metadata } = await this.#web.auth.test();
    if (team_id === undefined || user_id === undefined) throw unexpected('auth.test');
    return { teamId: team_id, userId: user_id, botId: bot_id, scopes: response_metadata?.scopes };
  }

  /** https://docs.slack.dev/reference/methods/auth.revoke */
  async revoke(): Promise<void> {
    await this.#web.auth.revoke();
  }

  /** https://docs.slack.dev/reference/methods/chat.postMessage */
  async post(posting: SlackPosting): Promise<SlackMessage> {
    const { message } = await this.#web.chat.postMessage({
      channel: posting.channel,
      text: posting.text,
      ...(posting.threadTs === undefined ? {} : { thread_ts: posting.threadTs }),
      ...(posting.username === undefined ? {} : { username: posting.username }),
      metadata: { event_type: METADATA_EVENT, event_payload: { record: posting.record } },
      ...PLAIN,
      unfurl_links: false,
      unfurl_media: false,
    });
    return expected('chat.postMessage', () => readAs(slackWire.message, message, '/message'));
  }

  /** Metadata that is not sent stays: https://docs.slack.dev/reference/methods/chat.update */
  async update(channel: string, ts: string, text: string): Promise<SlackMessage> {
    const { message } = await this.#web.chat.update({ channel, ts, text, ...PLAIN });
    return expected('chat.update', () => readAs(slackWire.message, { ts, ...message }, '/message'));
  }

  /** https://docs.slack.dev/reference/methods/chat.delete */
  async remove(channel: string, ts: string): Promise<void> {
    await this.#web.chat.delete({ channel, ts });
  }

  /** One message of a thread, or undefined; `root` may be the message itself. */
  async message(channel: string, root: string, ts: string): Promise<SlackMessage | undefined> {
    const { messages } = await this.#web.conversations.replies({
      channel,
      ts: root,
      oldest: ts,
      latest: ts,
      inclusive: true,
      include_all_metadata: true,
      limit: 10,
    });
    return this.#messages(messages).find((message) => message.ts === ts);
  }

  /** A thread from `oldest` on, oldest first: https://docs.slack.dev/reference/methods/conversations.replies */
  thread(channel: string, ts: string, oldest: string): AsyncIterable<SlackMessage> {
    return this.#pages('conversations.replies', { channel, ts, oldest });
  }

  /** Top-level messages from `oldest` on, newest first: https://docs.slack.dev/reference/methods/conversations.history */
  history(channel: string, oldest: string): AsyncIterable<SlackMessage> {
    return this.#pages('conversations.history', { channel, oldest });
  }

  /** The person a direct message is with: https://docs.slack.dev/reference/methods/conversations.info */
  async directUser(channel: string): Promise<string | undefined> {
    const answer = await this.#web.conversations.info({ channel });
    return (answer.channel as { user?: string } | undefined)?.user;
  }

  /** https://docs.slack.dev/reference/methods/users.info */
  async user(user: string): Promise<SlackUser> {
    const answer = await this.#web.users.info({ user });
    return expected('users.info', () => readAs(slackWire.user, answer.user, '/user'));
  }

  /** https://docs.slack.dev/reference/methods/oauth.v2.access; by name, for the client's types lack PKCE. */
  async access(request: Readonly<Record<string, string>>): Promise<SlackGrant> {
    const answer = await this.#web.apiCall('oauth.v2.access', request);
    return expected('oauth.v2.access', () => readAs(slackWire.grant, answer, ''));
  }

  async *#pages(method: string, request: object): AsyncIterable<SlackMessage> {
    const told = new Set<string>();
    let [cursor, vain]: [string | undefined, number] = [undefined, 0];
    do {
      const page = (await this.#web.apiCall(method, {
        ...request,
        include_all_metadata: true,
        limit: PAGE_SIZE,
        ...(cursor === undefined ? {} : { cursor }),
      })) as WebAPICallResult & { messages?: unknown };
      // The first message of a thread comes with each page of it.
      const fresh = this.#messages(page.messages).filter(({ ts }) => !told.has(ts));
      for (const { ts } of fresh) told.add(ts);
      yield* fresh;
      vain = fresh.length === 0 ? vain + 1 : 0;
      cursor = page.response_metadata?.next_cursor || undefined;
      if (cursor !== undefined && vain >= MOST_VAIN_PAGES) throw new EndlessListingError(`slack's ${method}`);
    } while (cursor !== undefined);
  }

  #messages(value: unknown): readonly SlackMessage[] {
    return expected('conversations', () => readAs(slackWire.messages, value ?? [], '/messages'));
  }
}

/** No parsing but links': a text that says @channel must not call anybody. chat.update parses by default. */
const PLAIN = { parse: 'none', link_names: false } as const;
