import type { FieldValue } from '../../../../shared/domain/index.ts';
import { InvalidInputError } from '../../../../shared/errors.ts';
import { readJson } from '../../../../shared/http/json.ts';
import type { Decoded, MappingContext, Observation } from '../../../../shared/ports/index.ts';
import { externalId, isDirect, millisOf, rootOf, secondsOf } from '../ids.ts';
import { readAs, type SlackEnvelope, slackWire } from '../wire.ts';
import { deletedFile } from './files.ts';
import { isAnotherApps, isOwn, type OwnIdentity, observationsOf, type Seen } from './observations.ts';

/** Subtypes that carry what somebody said; https://docs.slack.dev/reference/events/message (Subtypes) */
const SPOKEN = new Set<string | undefined>([
  undefined,
  'bot_message',
  'file_share',
  'me_message',
  'thread_broadcast',
  'tombstone',
]);

/** Envelope and event types that are understood and carry nothing to keep in step. */
const UNINTERESTING: Readonly<Record<string, string>> = {
  file_shared: 'the message that shares it tells of the file',
  app_rate_limited: 'slack limited the events of this app',
  url_verification: 'a handshake carries no event',
};

/** What they say is for the vendor to confirm: an old one may come late, or tell of a person's token only. */
const ASKS_FOR_CHECK: Readonly<Record<string, string>> = {
  app_uninstalled: 'the app was removed from the workspace',
  tokens_revoked: 'tokens of the app were revoked',
};

type Event = NonNullable<SlackEnvelope['event']>;
interface Scene {
  readonly event: Event;
  readonly own: OwnIdentity;
  readonly context: MappingContext;
}

/** @throws InvalidInputError when the authentic body is not what Slack publishes */
export function decode(body: Uint8Array, contentType: string, context: MappingContext): Decoded {
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return filtered('interactivity and commands are not connected');
  }
  const envelope = readAs(slackWire.envelope, readJson(body), '');
  const { type, event, api_app_id } = envelope;
  if (type !== 'event_callback') return filtered(UNINTERESTING[type] ?? 'unknown kind of request');
  if (isAnotherWorkspaces(envelope, context)) return filtered('it happened in another workspace');
  if (event === undefined) {
    throw new InvalidInputError('saw an event callback without its event', { pointer: '/event' });
  }
  const alarming = ASKS_FOR_CHECK[event.type];
  if (alarming !== undefined) return { outcome: 'filtered', reason: alarming, asksForCheck: true };
  if (event.type === 'file_deleted') return fileDeletion(event);
  if (event.type !== 'message') return filtered(UNINTERESTING[event.type] ?? 'unknown event type');
  const own: OwnIdentity = { userId: context.hubUserId, appId: api_app_id, botId: undefined };
  return decodeMessage({ event, own, context });
}

/**
 * An app has one signing secret and one address for all workspaces it is installed in: a good signature does not
 * say whose event it is. In a channel shared between workspaces it is enough that one of the names is ours.
 * https://docs.slack.dev/apis/events-api/#authorizations
 */
function isAnotherWorkspaces(
  { team_id, context_team_id, authorizations }: SlackEnvelope,
  { account }: MappingContext,
): boolean {
  const named = [team_id, context_team_id, ...(authorizations ?? []).map((each) => each.team_id)];
  const teams = named.filter((team) => typeof team === 'string');
  return account !== undefined && teams.length > 0 && !teams.includes(account);
}

function decodeMessage(scene: Scene): Decoded {
  switch (scene.event.subtype) {
    case 'message_changed':
      return decodeChange(scene);
    case 'message_deleted':
      return decodeDeletion(scene);
    default:
      return decodeNew(scene);
  }
}

function decodeNew({ event, own, context }: Scene): Decoded {
  if (!SPOKEN.has(event.subtype)) return filtered('nobody said anything');
  const { channel, channel_type, event_ts, ...message } = readAs(slackWire.messageEvent, event, '/event');
  const toldAtMs = millisOf(event_ts ?? message.ts);
  return observed({ channel, message, own, toldAtMs, ...groupOf(channel_type) }, context);
}

function decodeChange({ event, own, context }: Scene): Decoded {
  const { channel, channel_type, event_ts, message } = readAs(slackWire.changedEvent, event, '/event');
  if (!SPOKEN.has(message.subtype)) return filtered('nobody said anything');
  return observed({ channel, message, own, toldAtMs: millisOf(event_ts), ...groupOf(channel_type) }, context);
}

function observed(seen: Seen, context: MappingContext): Decoded {
  const unwanted = reasonAgainst(seen, context);
  if (unwanted !== undefined) return filtered(unwanted);
  return kept(observationsOf(seen));
}

/** A deletion is told by an event alone; nobody says who deleted, so it is nobody's. */
function decodeDeletion({ event, own, context }: Scene): Decoded {
  const deleted = readAs(slackWire.deletedEvent, event, '/event');
  const { channel, channel_type, deleted_ts: ts, previous_message: before, event_ts } = deleted;
  if (before !== undefined) {
    if (!SPOKEN.has(before.subtype)) return filtered('nobody said anything');
    const unwanted = reasonAgainst({ channel, message: before, own, ...groupOf(channel_type) }, context);
    if (unwanted !== undefined) return filtered(unwanted);
  }
  const gone = {
    externalId: externalId(channel, ts),
    // Above every edit of its second: nothing follows a deletion in Slack.
    version: { source: 'slack', value: secondsOf(event_ts) + 1 },
    authorship: 'unknown' as const,
    atMs: millisOf(event_ts),
    fields: {},
    isComplete: false,
    life: 'deleted' as const,
  };
  const root = rootOf(channel, { ts, thread_ts: before?.thread_ts });
  const isRoot = root === gone.externalId;
  return kept([isRoot ? { ...gone, kind: 'ticket' } : { ...gone, kind: 'comment', rootExternalId: root }]);
}

function fileDeletion(event: Event): Decoded {
  const { file_id, event_ts } = readAs(slackWire.fileDeletedEvent, event, '/event');
  return kept([deletedFile(file_id, millisOf(event_ts))]);
}

/** Told by the event alone: https://docs.slack.dev/reference/events/message.mpim */
function groupOf(channelType: string | null | undefined): Pick<Seen, 'isGroup'> {
  return channelType === 'mpim' ? { isGroup: true } : {};
}

/** Why a message is none of the hub's business, or undefined when it is. */
function reasonAgainst(
  { channel, message, own, isGroup = false }: Seen,
  { settings }: MappingContext,
): string | undefined {
  if (isAnotherApps(message, own)) return 'another app wrote it';
  if (isDirect(channel)) return undefined;
  if (!isGroup && !isConnected(channel, settings.channels)) return 'the channel is not connected';
  const isTopLevel = (message.thread_ts ?? message.ts) === message.ts;
  return isTopLevel && isOwn(message, own) ? 'the hub wrote it outside a conversation' : undefined;
}

/** No list means: every channel the bot was invited to. */
function isConnected(channel: string, channels: FieldValue | undefined): boolean {
  if (typeof channels !== 'string' || channels.trim() === '') return true;
  return channels.split(',').some((each) => each.trim() === channel);
}

const kept = (observations: readonly Observation[]): Decoded => ({ outcome: 'observations', observations });

function filtered(reason: string): Decoded {
  return { outcome: 'filtered', reason };
}
