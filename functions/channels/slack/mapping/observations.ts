import type { ExternalId, Fields, RecordId } from '../../../../shared/domain/index.ts';
import type { Authorship, Observation, Version } from '../../../../shared/ports/index.ts';
import { externalId, isDirect, millisOf, rootOf, secondsOf } from '../ids.ts';
import type { SlackMessage, SlackUser } from '../wire.ts';
import { fileObservation, parentOf } from './files.ts';

/** Names the hub's messages in their metadata; the payload carries the record. */
export const METADATA_EVENT = 'deskbridge_message';
/** What Slack leaves of a deleted message that has replies. */
const TOMBSTONE = 'tombstone';
const RECORD_ID = /^[\x21-\x7e]{1,200}$/;

/** What tells our own messages from all others. */
export interface OwnIdentity {
  readonly userId: string | undefined;
  /** Trustworthy only from the signed envelope or from Slack's own answer. */
  readonly appId: string | undefined;
  readonly botId: string | undefined;
}

export interface Seen {
  readonly channel: string;
  readonly message: SlackMessage;
  readonly own: OwnIdentity;
  /** Time of the event that told it; the message's own stamps when it was read. */
  readonly toldAtMs?: number;
  /** A direct message among several: with threads like a channel, and connected like a direct message. */
  readonly isGroup?: boolean;
}

export function isOwn(message: SlackMessage, own: OwnIdentity): boolean {
  if (own.userId !== undefined && message.user === own.userId) return true;
  if (own.botId !== undefined && message.bot_id === own.botId) return true;
  return own.appId !== undefined && message.app_id === own.appId && typeof message.bot_id === 'string';
}

/** Whether an app that is not the hub wrote it. Two hubs in one channel must not answer each other for ever. */
export function isAnotherApps(message: SlackMessage, own: OwnIdentity): boolean {
  const isApps = typeof message.bot_id === 'string' || message.user === 'USLACKBOT';
  return isApps && !isOwn(message, own) && message.subtype !== TOMBSTONE;
}

/** A message seen in an event or read back: the root of a conversation, or a comment in one, and its files. */
export function observationsOf(seen: Seen): readonly Observation[] {
  const files = filesOf(seen);
  return isFileOfOurs(seen) ? files : [...saidIn(seen), ...files];
}

function saidIn(seen: Seen): readonly Observation[] {
  const { channel, message } = seen;
  const root = rootOf(channel, message);
  if (!isDirect(channel))
    return [root === externalId(channel, message.ts) ? threadOf(seen) : commentOf(seen)];
  // Nothing in a direct message's first message says that it is the first; so all of them are comments.
  return isOwn(message, seen.own) ? [commentOf(seen)] : [directOf(seen, root), commentOf(seen)];
}

/** The message under which Slack shows a file the hub has brought: nobody said anything. */
export const isFileOfOurs = ({ message, own }: Seen): boolean =>
  isOwn(message, own) && (message.files ?? []).length > 0 && (message.text ?? '') === '';

function filesOf(seen: Seen): readonly Observation[] {
  const { channel, message, own, toldAtMs } = seen;
  const [isOurs, parent] = [isOwn(message, own), parentOf(channel, message)];
  const atMs = toldAtMs ?? millisOf(message.ts);
  return (message.files ?? []).flatMap((file) => fileObservation(file, { isOurs, atMs, parent }) ?? []);
}

export function threadOf(seen: Seen): Observation {
  const { channel, message } = seen;
  return {
    ...stampOf(seen),
    kind: 'ticket',
    externalId: externalId(channel, message.ts),
    fields: { description: rawTextOf(message) },
    initial: { subject: firstLineOf(message) },
    isComplete: true,
    ...contactOf(seen),
  };
}

/** A direct message as a conversation: it has no values of its own. */
function directOf(seen: Seen, root: ExternalId): Observation {
  return {
    ...directConversation(root, seen.message.user),
    atMs: seen.toldAtMs ?? millisOf(seen.message.ts),
    initial: { subject: firstLineOf(seen.message) },
  };
}

export function directConversation(root: ExternalId, user: string | undefined): Observation {
  return {
    kind: 'ticket',
    externalId: root,
    authorship: 'other',
    atMs: 0,
    fields: {},
    isComplete: true,
    ...(user === undefined ? {} : { refersTo: user as ExternalId }),
  };
}

export function commentOf(seen: Seen): Observation {
  const { channel, message, own } = seen;
  const isOurs = isOwn(message, own);
  const marker = isOurs ? markerOf(message) : undefined;
  const common = {
    ...stampOf(seen),
    kind: 'comment' as const,
    externalId: externalId(channel, message.ts),
    rootExternalId: rootOf(channel, message),
    visibility: 'public' as const,
    order: message.ts,
  };
  if (message.subtype === TOMBSTONE) return { ...common, fields: {}, isComplete: false, life: 'deleted' };
  // Slack leaves a payload out of events unless the app subscribes to it; a read asks for all of it.
  if (isOurs && marker === undefined && seen.toldAtMs !== undefined) {
    return { ...common, fields: {}, isComplete: false, needsRead: true };
  }
  return {
    ...common,
    fields: { body: rawTextOf(message) },
    isComplete: true,
    ...(marker === undefined ? {} : { marker }),
    ...(isOurs ? {} : { author: { role: 'customer' }, ...contactOf(seen) }),
  };
}

export function contactObservation(user: SlackUser): Observation {
  const { profile } = user;
  const fields: Fields = {
    name: profile?.real_name || user.real_name || profile?.display_name || user.name || null,
    email: profile?.email || null,
    phone: profile?.phone || null,
  };
  return {
    kind: 'contact',
    externalId: user.id as ExternalId,
    authorship: 'unknown',
    atMs: 0,
    fields,
    isComplete: true,
  };
}

/** Text, and where its files stand: what could not be carried of them is named all the same. */
export function rawTextOf(message: SlackMessage): string {
  const living = (message.files ?? []).filter(({ mode }) => mode !== 'tombstone');
  const files = living.map((file) => `[file: ${file.title || file.name || 'unnamed'}]`);
  return [message.text ?? '', ...files].filter((line) => line !== '').join('\n');
}

function firstLineOf(message: SlackMessage): string {
  return rawTextOf(message).trimStart().split(/\r?\n/u, 1)[0] ?? '';
}

function markerOf(message: SlackMessage): RecordId | undefined {
  if (message.metadata?.event_type !== METADATA_EVENT) return undefined;
  const record = message.metadata.event_payload?.record;
  return typeof record === 'string' && RECORD_ID.test(record) ? (record as RecordId) : undefined;
}

function contactOf({ message, own }: Seen): { refersTo?: ExternalId } {
  if (message.user === undefined || message.subtype === TOMBSTONE || isOwn(message, own)) return {};
  return { refersTo: message.user as ExternalId };
}

function stampOf(seen: Seen): { authorship: Authorship; atMs: number; version?: Version } {
  const { message, own } = seen;
  const authorship = isOwn(message, own) ? 'hub' : 'other';
  // Slack stamps edits in whole seconds, rounded down: the newest change may be that much later.
  const readAtMs =
    message.edited === undefined ? millisOf(message.ts) : secondsOf(message.edited.ts) * 1_000 + 999;
  const atMs = seen.toldAtMs ?? readAtMs;
  if (message.subtype === TOMBSTONE) return { authorship, atMs };
  return { authorship, atMs, version: versionOf(message) };
}

/**
 * Seconds, because `edited.ts` has no more: an edit within the message's first second must not look older
 * than the message. Equal versions mean: read again.
 */
export function versionOf(message: Pick<SlackMessage, 'ts' | 'edited'>): Version {
  return { source: 'slack', value: secondsOf(message.edited?.ts ?? message.ts) };
}
