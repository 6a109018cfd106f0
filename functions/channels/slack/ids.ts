import type { ExternalId } from '../../../shared/domain/index.ts';
import { InvalidInputError } from '../../../shared/errors.ts';

/** Slack's own stamps are unique per channel only, so every external id starts with the channel. */
const DIRECT = 'dm';

export interface SlackPlace {
  readonly channel: string;
  /** Absent for the conversation of a direct message. */
  readonly ts?: string;
}

/** Direct messages are told by their id; https://docs.slack.dev/reference/objects/conversation-object */
export function isDirect(channel: string): boolean {
  return channel.startsWith('D');
}

/** The conversation a message belongs to: its thread, or the whole of a direct message. */
export function rootOf(
  channel: string,
  message: { readonly ts: string; readonly thread_ts?: string | undefined },
) {
  return externalId(channel, isDirect(channel) ? DIRECT : (message.thread_ts ?? message.ts));
}

export function externalId(channel: string, ts: string): ExternalId {
  return `${channel}:${ts}` as ExternalId;
}

/** @throws InvalidInputError for an id no mapping of ours made */
export function placeOf(id: ExternalId): SlackPlace {
  const [channel = '', ts = '', ...rest] = id.split(':');
  if (channel === '' || ts === '' || rest.length > 0) {
    throw new InvalidInputError('saw a malformed slack external id, expected channel and stamp');
  }
  return ts === DIRECT ? { channel } : { channel, ts };
}

export function channelOf(id: ExternalId): string {
  return id.split(':', 1)[0] ?? id;
}

export function millisOf(ts: string): number {
  const [seconds = '0', fraction = ''] = ts.split('.');
  return Number(seconds) * 1_000 + Number(fraction.padEnd(3, '0').slice(0, 3));
}

export function secondsOf(ts: string): number {
  return Number(ts.split('.', 1)[0]);
}

/** The stamp before all messages of this moment. */
export function stampOf(atMs: number): string {
  return `${Math.floor(Math.max(0, atMs) / 1_000)}.000000`;
}
