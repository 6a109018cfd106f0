import { readJson } from '../../../shared/http/json.ts';
import { isFreshSeconds, isSignedByAny, presentSecrets } from '../../../shared/http/signatures.ts';
import type { Authenticity, Handshake } from '../../../shared/ports/index.ts';
import { rootOf } from './ids.ts';

const TOLERANCE_MS = 5 * 60_000;
const SECRETS = ['signingSecret', 'previousSigningSecret'];
const VERSION = 'v0=';

/** A queue takes no other group than one of short, plain characters. */
const GROUP = /^[A-Z0-9]{2,40}:(?:dm|\d{1,12}\.\d{1,9})$/;
const WORKSPACE = 'workspace';

type Json = Readonly<Record<string, unknown>>;

/**
 * Slack's request signature, v0: HMAC-SHA256 over `v0:<timestamp>:<raw body>`.
 * https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
export const verifySlackSignature: Authenticity = {
  name: 'verifySlackSignature',

  verify(request, secrets, nowMs) {
    const signature = request.headers['x-slack-signature'] ?? '';
    const timestamp = request.headers['x-slack-request-timestamp'];
    // A header sent twice arrives joined by a comma, which neither reads.
    if (!signature.startsWith(VERSION) || !isFreshSeconds(timestamp, nowMs, TOLERANCE_MS)) {
      return 'not-authentic';
    }
    const digest = signature.slice(VERSION.length);
    const known = presentSecrets(secrets, SECRETS);
    return isSignedByAny(digest, known, `v0:${timestamp}:`, request.body) ? 'authentic' : 'not-authentic';
  },

  /** The retry headers are not looked at: the first attempt may have failed before it was kept. */
  route({ body }) {
    const payload = parsed(body);
    if (payload === undefined) return 'unreadable';
    const { type, challenge, event_id: eventId, event } = payload;
    if (type === 'url_verification' && typeof challenge === 'string') return answerTo(challenge);
    if (typeof eventId !== 'string' || eventId === '' || eventId.length > 128) return 'unreadable';
    return { eventId, group: groupOf(event) };
  },
};

/** https://docs.slack.dev/reference/events/url_verification */
function answerTo(challenge: string): Handshake {
  const headers = { 'content-type': 'text/plain; charset=utf-8' };
  return { answer: { status: 200, headers, body: challenge } };
}

function parsed(body: Uint8Array): Json | undefined {
  try {
    return objectOf(readJson(body));
  } catch {
    return undefined;
  }
}

/** The thread or direct message a message event belongs to; everything else shares one group. */
function groupOf(value: unknown): string {
  const event = objectOf(value);
  const channel = event?.channel;
  if (event?.type !== 'message' || typeof channel !== 'string') return WORKSPACE;
  const message = objectOf(event.message) ?? objectOf(event.previous_message) ?? event;
  const ts = textOf(event.deleted_ts) ?? textOf(message.ts) ?? '';
  const group = rootOf(channel, { ts, thread_ts: textOf(message.thread_ts) });
  return GROUP.test(group) ? group : WORKSPACE;
}

function objectOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
