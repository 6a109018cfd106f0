import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import {
  InvalidInputError,
  ProviderRejectedError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import type {
  Adapter,
  CopyRef,
  Grant,
  Health,
  Integration,
  Observation,
  Opening,
  PublicChange,
  RemoteState,
  WriteOutcome,
} from '../../../shared/ports/index.ts';
import { lackOf, MARK_SCOPE, missingScope } from './authorization/scopes.ts';
import { authorization } from './authorization.ts';
import { reading, SlackClient, type SlackIdentity } from './client.ts';
import { failureOf } from './errors.ts';
import { channelOf, externalId, placeOf, stampOf } from './ids.ts';
import {
  commentOf,
  contactObservation,
  directConversation,
  isOwn,
  type OwnIdentity,
  threadOf,
  versionOf,
} from './mapping/observations.ts';
import type { SlackMessage } from './wire.ts';

/** Slack's way to say: nothing here that this token may see. Proves nothing. */
const ABSENT = new Set([
  'channel_not_found',
  'not_in_channel',
  'thread_not_found',
  'user_not_found',
  'user_not_visible',
]);
const NAME_LENGTH = 80;
/** More than the hub's clock and Slack's are ever apart. */
const CLOCK_SKEW_MS = 10 * 60_000;

/** Customer-visible: it takes public changes only (invariant 7). */
export const adapter: Adapter<PublicChange> = {
  authorization,
  open: (opening, grant) => new SlackIntegration(opening, grant),
  place: channelOf,
};

type Creation = Extract<PublicChange, { kind: 'comment'; operation: 'create' }>;
type Edit = Extract<PublicChange, { kind: 'comment'; operation: 'update' }>;
type Deletion = Extract<PublicChange, { operation: 'delete' }>;

class SlackIntegration implements Integration<PublicChange> {
  readonly #opening: Opening;
  readonly #slack: SlackClient;
  readonly #granted: readonly string[] | undefined;
  #identity: Promise<SlackIdentity> | undefined;

  constructor(opening: Opening, grant: Grant) {
    this.#opening = opening;
    this.#slack = new SlackClient(opening, grant.accessToken);
    this.#granted = grant.scopes;
  }

  async check(): Promise<Health> {
    try {
      const { teamId, scopes } = await this.#slack.identity();
      const { connection } = this.#opening;
      if (teamId !== (connection.account ?? teamId)) {
        const error = new ReauthorizationRequiredError('the token belongs to another slack workspace');
        return { state: 'unhealthy', error };
      }
      const lack = lackOf(scopes ?? this.#granted, connection);
      return lack === undefined ? { state: 'healthy', account: teamId } : { state: 'unhealthy', error: lack };
    } catch (error) {
      return { state: 'unhealthy', error: failureOf(error).error };
    }
  }

  async read(copy: CopyRef): Promise<RemoteState> {
    try {
      const observation = await this.#observe(copy);
      return observation === undefined ? { state: 'absent' } : stateOf(observation);
    } catch (thrown) {
      const { error, code } = failureOf(thrown);
      if (code !== undefined && ABSENT.has(code)) return { state: 'absent' };
      throw error;
    }
  }

  /**
   * Everything said since the creation began is looked through: missing a message of ours would post it twice. Where
   * one of ours shows no mark and none could be seen, nobody knows.
   */
  async find(
    record: RecordId,
    kind: string,
    root?: ExternalId,
    sinceMs = 0,
  ): Promise<Observation | undefined> {
    if (kind !== 'comment' || root === undefined) return undefined;
    const { channel, ts } = placeOf(root);
    const oldest = stampOf(sinceMs - CLOCK_SKEW_MS);
    return reading(async () => {
      const own = await this.#botIdentity();
      const { scopes = this.#granted } = await this.#asked();
      const messages =
        ts === undefined ? this.#slack.history(channel, oldest) : this.#slack.thread(channel, ts, oldest);
      let isHidden = false;
      for await (const message of messages) {
        const seen = commentOf({ channel, message, own });
        if (seen.marker === record) return seen;
        isHidden ||= isOwn(message, own) && (message.metadata ?? null) === null;
      }
      if (isHidden && !scopes?.includes(MARK_SCOPE)) throw missingScope([MARK_SCOPE]);
      return undefined;
    });
  }

  async write(change: PublicChange): Promise<WriteOutcome> {
    if (change.kind !== 'comment') return refusal(`slack has no ${change.kind} the hub may write`);
    try {
      if (change.operation === 'create') return await this.#post(change);
      return await (change.operation === 'update' ? this.#update(change) : this.#remove(change));
    } catch (thrown) {
      const { error, fate } = failureOf(thrown);
      return fate === 'unknown' ? { outcome: 'uncertain', error } : { outcome: 'refused', why: fate, error };
    }
  }

  async #observe({ kind, externalId: id, rootExternalId }: CopyRef): Promise<Observation | undefined> {
    if (kind === 'contact') return contactObservation(await this.#slack.user(id));
    const { channel, ts } = placeOf(id);
    if (ts === undefined) return directConversation(id, await this.#slack.directUser(channel));
    const root = rootExternalId === undefined ? undefined : placeOf(rootExternalId).ts;
    const message = await this.#slack.message(channel, kind === 'ticket' ? ts : (root ?? ts), ts);
    if (message === undefined) return undefined;
    const seen = { channel, message, own: await this.#ownFor(message) };
    return kind === 'ticket' ? threadOf(seen) : commentOf(seen);
  }

  async #post(change: Creation): Promise<WriteOutcome> {
    const { channel, ts: threadTs } = placeOf(change.rootExternalId);
    const message = await this.#slack.post({
      channel,
      threadTs,
      text: change.comment.body,
      username: this.#nameOf(change),
      record: change.record,
    });
    if (threadTs !== undefined && message.thread_ts !== threadTs) return this.#takeBack(channel, message);
    return this.#settled(channel, message);
  }

  /** Slack puts a reply to a deleted message into the channel, before everybody's eyes: it must not stay there. */
  async #takeBack(channel: string, { ts }: SlackMessage): Promise<WriteOutcome> {
    const isBack = await this.#slack.remove(channel, ts).then(
      () => true,
      () => false,
    );
    const vendorCode = isBack ? 'thread_not_found' : 'reply_outside_thread';
    const error = new ProviderRejectedError('the conversation was deleted in slack', { vendorCode });
    return { outcome: 'refused', why: isBack ? 'gone' : 'rejected', error };
  }

  async #update(change: Edit): Promise<WriteOutcome> {
    const { channel, ts } = messagePlace(change.externalId);
    const message = await this.#slack.update(channel, ts, change.comment.body);
    const thread = change.rootExternalId === undefined ? undefined : placeOf(change.rootExternalId).ts;
    // The answer does not name the thread.
    return this.#settled(channel, { ...message, ...(thread === undefined ? {} : { thread_ts: thread }) });
  }

  async #remove(change: Deletion): Promise<WriteOutcome> {
    const { channel, ts } = messagePlace(change.externalId);
    await this.#slack.remove(channel, ts);
    return { outcome: 'settled', externalId: change.externalId };
  }

  /** An agent's own name over the message, unless the connection's setting says otherwise. */
  #nameOf({ comment }: Creation): string | undefined {
    if (this.#opening.connection.settings.showAgentName === false || comment.author.role !== 'agent')
      return undefined;
    return comment.author.name === undefined
      ? undefined
      : [...comment.author.name].slice(0, NAME_LENGTH).join('');
  }

  /** Slack's answer to our own write: the author is us, however it is named there. */
  #settled(channel: string, answer: SlackMessage): WriteOutcome {
    const userId = answer.user ?? this.#opening.connection.hubUserId ?? 'hub';
    const message = { ...answer, user: userId };
    const own = { userId, botId: undefined, appId: undefined };
    return {
      outcome: 'settled',
      externalId: externalId(channel, message.ts),
      version: versionOf(message),
      observation: commentOf({ channel, message, own }),
    };
  }

  /** A message under an agent's name carries no user, only the bot's id, which Slack must be asked for. */
  async #ownFor(message: SlackMessage): Promise<OwnIdentity> {
    const userId = this.#opening.connection.hubUserId;
    const isPlain = typeof message.bot_id !== 'string' || (userId !== undefined && message.user === userId);
    return isPlain ? { userId, botId: undefined, appId: undefined } : this.#botIdentity();
  }

  async #botIdentity(): Promise<OwnIdentity> {
    const { userId, botId } = await this.#asked();
    return { userId, botId, appId: undefined };
  }

  #asked(): Promise<SlackIdentity> {
    this.#identity ??= this.#slack.identity();
    return this.#identity;
  }
}

function stateOf(observation: Observation): RemoteState {
  return observation.life === 'deleted' ? { state: 'deleted' } : { state: 'present', observation };
}

function messagePlace(id: ExternalId): { channel: string; ts: string } {
  const { channel, ts } = placeOf(id);
  if (ts === undefined) throw new InvalidInputError('saw a conversation, expected a message of it');
  return { channel, ts };
}

function refusal(message: string): WriteOutcome {
  const error = new ProviderRejectedError(message, { vendorCode: 'not_supported' });
  return { outcome: 'refused', why: 'rejected', error };
}
