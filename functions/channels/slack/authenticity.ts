import { readJson } from '../../../shared/http/json.ts';
import { equalsAny, hmacSha256Hex, isFreshSeconds, presentSecrets } from '../../../shared/http/signatures.ts';
import type { Authenticity, RawRequest, RawResponse, Route } from '../../../shared/ports/index.ts';
import { rootOf } from './ids.ts';

const TOLERANCE_MS = 5 * 60_000;
const SECRETS = ['signingSecret', 'previousSigningSecret'];
const SIGNATURE = /^v0=[0-9a-f]{64}$/;

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
    // A header sent twice arrives joined by a comma and fits neither pattern.
    if (!SIGNATURE.test(signature) || !isFreshSeconds(timestamp, nowMs, TOLERANCE_MS)) return 'not-authentic';
    const expected = presentSecrets(secrets, SECRETS).map(
      (secret) => `v0=${hmacSha256Hex(secret, `v0:${timestamp}:`, request.body)}`,
    );
    return equalsAny(signature, expected) ? 'authentic' : 'not-authentic';
  },

  /** https://docs.slack.dev/reference/events/url_verification */
  handshake(request): RawResponse | undefined {
    const payload = readPayload(request);
    if (payload?.type !== 'url_verification' || typeof payload.challenge !== 'string') return undefined;
    return { status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: payload.challenge };
  },

  /** The retry headers are not looked at: the first attempt may have failed before it was kept. */
  route(request): Route | 'unreadable' {
    const payload = readPayload(request);
    const eventId = payload?.event_id;
    if (typeof eventId !== 'string' || eventId === '' || eventId.length > 128) return 'unreadable';
    return { eventId, group: groupOf(payload?.event) };
  },
};

/** Handshake and route look at the same body: it is read once. */
const payloads = new WeakMap<RawRequest, Json | undefined>();

function readPayload(request: RawRequest): Json | undefined {
  if (!payloads.has(request)) payloads.set(request, parsed(request.body));
  return payloads.get(request);
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
