import { createHmac } from 'node:crypto';
import { verifySlackRequest } from '@slack/bolt/dist/receivers/verify-request.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifySlackSignature } from '../../../../functions/channels/slack/authenticity.ts';
import { manifest } from '../../../../functions/channels/slack/manifest.ts';
import type { RawRequest } from '../../../../shared/ports/index.ts';
import { bytes, payload, withEvent } from './payloads.ts';

const NOW_MS = Date.parse('2026-03-01T10:00:00Z');
const SECRET = 'a-signing-secret';

function signed(
  body: Uint8Array,
  options: { secret?: string; atMs?: number; headers?: object } = {},
): RawRequest {
  const timestamp = String(Math.floor((options.atMs ?? NOW_MS) / 1_000));
  const hmac = createHmac('sha256', options.secret ?? SECRET)
    .update(`v0:${timestamp}:`)
    .update(body);
  return {
    method: 'POST',
    path: '/webhooks/slack/c1',
    rawQuery: '',
    headers: {
      'content-type': 'application/json',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': `v0=${hmac.digest('hex')}`,
      ...options.headers,
    },
    body,
  };
}
const BODY = bytes({ text: 'Grüße\r\n日本 😀' });
const verify = (request: RawRequest, secrets: Record<string, string> = { signingSecret: SECRET }) =>
  verifySlackSignature.verify(request, secrets, NOW_MS);
const header = (name: string) => signed(BODY).headers[name]!;

describe('slack authenticity: the signature (v0)', () => {
  it('is the verifier the manifest names', () => {
    expect(verifySlackSignature.name).toBe(manifest.webhook?.verifier);
  });

  it('holds for the example Slack publishes', () => {
    // https://docs.slack.dev/authentication/verifying-requests-from-slack
    const body = bytes(
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
    );
    const request = {
      ...signed(body),
      headers: {
        'x-slack-request-timestamp': '1531420618',
        'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
      },
    };

    const verdict = verifySlackSignature.verify(
      request,
      { signingSecret: '8f742231b10e8888abcd99yyyzzz85a5' },
      1_531_420_618_000,
    );

    expect(verdict).toBe('authentic');
  });

  it('is taken over the raw bytes: non-ASCII, CRLF, empty, and not even UTF-8', () => {
    for (const body of [BODY, new Uint8Array(), new Uint8Array([0xff, 0xfe, 0x00, 0x0d, 0x0a])]) {
      expect(verify(signed(body))).toBe('authentic');
    }
  });

  it('agrees with Bolt about every body that is text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (text, secret) => {
        const request = signed(bytes(text), { secret });
        const boltTakesIt = () =>
          verifySlackRequest({
            signingSecret: secret,
            body: text,
            headers: {
              'x-slack-signature': request.headers['x-slack-signature']!,
              'x-slack-request-timestamp': Number(request.headers['x-slack-request-timestamp']),
            },
            nowMilliseconds: NOW_MS,
          });

        expect(boltTakesIt).not.toThrow();
        expect(verify(request, { signingSecret: secret })).toBe('authentic');
      }),
    );
  });

  it('takes both secrets during a rotation, and no third', () => {
    const secrets = { signingSecret: 'new-one', previousSigningSecret: SECRET };

    expect(verify(signed(BODY), secrets)).toBe('authentic');
    expect(verify(signed(BODY, { secret: 'new-one' }), secrets)).toBe('authentic');
    expect(verify(signed(BODY, { secret: 'older' }), secrets)).toBe('not-authentic');
  });

  it.each([
    ['a wrong secret', signed(BODY, { secret: 'another' })],
    ['another body', { ...signed(BODY), body: bytes({ text: 'x' }) }],
    ['no signature', signed(BODY, { headers: { 'x-slack-signature': undefined } })],
    ['no timestamp', signed(BODY, { headers: { 'x-slack-request-timestamp': undefined } })],
    [
      'a truncated signature',
      signed(BODY, { headers: { 'x-slack-signature': header('x-slack-signature').slice(0, -1) } }),
    ],
    [
      'a signature and more',
      signed(BODY, { headers: { 'x-slack-signature': `${header('x-slack-signature')}0` } }),
    ],
    [
      'another version',
      signed(BODY, { headers: { 'x-slack-signature': header('x-slack-signature').replace('v0', 'v1') } }),
    ],
    [
      'upper case',
      signed(BODY, { headers: { 'x-slack-signature': header('x-slack-signature').toUpperCase() } }),
    ],
    [
      'a signature sent twice',
      signed(BODY, {
        headers: { 'x-slack-signature': `${header('x-slack-signature')},${header('x-slack-signature')}` },
      }),
    ],
    [
      'a timestamp sent twice',
      signed(BODY, { headers: { 'x-slack-request-timestamp': '1772359200,1772359200' } }),
    ],
    [
      'a timestamp that is no number',
      signed(BODY, { headers: { 'x-slack-request-timestamp': '1772359200x' } }),
    ],
    [
      'another timestamp than was signed',
      signed(BODY, { headers: { 'x-slack-request-timestamp': '1772359201' } }),
    ],
  ])('refuses %s', (_, request) => {
    expect(verify(request as RawRequest)).toBe('not-authentic');
  });

  it('refuses every request when there is no secret, signed by the empty one or not', () => {
    const digest = signedBy('');
    const forged = signed(BODY, { headers: { 'x-slack-signature': digest } });

    for (const secrets of [{}, { signingSecret: '' }, { signingSecret: '', previousSigningSecret: '' }]) {
      expect(verify(signed(BODY), secrets)).toBe('not-authentic');
      expect(verify(forged, secrets)).toBe('not-authentic');
    }
  });

  it('refuses what is older than five minutes, or as far ahead', () => {
    const at = (offsetMs: number) => verify(signed(BODY, { atMs: NOW_MS + offsetMs }));

    expect([at(-300_000), at(0), at(300_000)]).toEqual(['authentic', 'authentic', 'authentic']);
    expect([at(-301_000), at(301_000)]).toEqual(['not-authentic', 'not-authentic']);
  });

  it('refuses whatever one bit changed', () => {
    const request = signed(BODY);
    fc.assert(
      fc.property(fc.nat({ max: BODY.length * 8 - 1 }), (bit) => {
        const body = Uint8Array.from(BODY);
        body[bit >> 3] = body[bit >> 3]! ^ (1 << (bit & 7));
        expect(verify({ ...request, body })).toBe('not-authentic');
      }),
    );
  });
});

function signedBy(secret: string): string {
  const timestamp = String(NOW_MS / 1_000);
  return `v0=${createHmac('sha256', secret).update(`v0:${timestamp}:`).update(BODY).digest('hex')}`;
}

describe('slack authenticity: url_verification', () => {
  const handshake = (value: unknown) => {
    const route = verifySlackSignature.route(signed(bytes(value)));
    return typeof route === 'object' && 'answer' in route ? route.answer : undefined;
  };

  it('answers the challenge in plain text', () => {
    expect(handshake({ type: 'url_verification', token: 't', challenge: 'abc' })).toEqual({
      status: 200,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: 'abc',
    });
  });

  it.each([[payload('message')], [{ type: 'url_verification' }], ['{'], ['[]']])(
    'is nothing else',
    (value) => {
      expect(handshake(value)).toBeUndefined();
    },
  );
});

describe('slack authenticity: where an event belongs', () => {
  const route = (value: unknown, headers: object = {}) =>
    verifySlackSignature.route(signed(bytes(value), { headers }));
  const ROOT = 'C0SUPPORT01:1772359200.250000';

  it.each([
    ['a message', 'message', ROOT],
    ['a reply', 'reply', ROOT],
    ['the hub’s own reply', 'own-message', ROOT],
    ['an edit', 'edited', ROOT],
    ['a deletion', 'deleted', ROOT],
    ['a tombstone', 'tombstone', ROOT],
    ['a direct message', 'direct-message', 'D0ADA000001:dm'],
    ['an event without a place', 'uninstalled', 'workspace'],
  ])('puts %s with its conversation', (_, name, group) => {
    expect(route(payload(name))).toEqual({ eventId: payload(name).event_id, group });
  });

  it('puts a deletion that does not say what was there with its own message', () => {
    expect(route(withEvent('deleted', { previous_message: undefined }))).toMatchObject({
      group: 'C0SUPPORT01:1772359260.000100',
    });
  });

  it('knows a retry by its event, and drops nothing for being one', () => {
    const headers = { 'x-slack-retry-num': '2', 'x-slack-retry-reason': 'http_timeout' };

    expect(route(payload('message'), headers)).toEqual(route(payload('message')));
  });

  it.each([
    ['no event id', { ...payload('message'), event_id: undefined }],
    ['an event id that is none', { ...payload('message'), event_id: { a: 1 } }],
    ['an endless event id', { ...payload('message'), event_id: 'E'.repeat(200) }],
    ['half a body', '{"event_id":'],
    ['depth without end', `${'['.repeat(50_000)}`],
    ['a form', 'payload=x'],
  ])('calls %s unreadable, so that it is kept and parked', (_, value) => {
    expect(route(value)).toBe('unreadable');
  });

  it('survives events of any shape', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (event, message) => {
        const shaped = {
          event_id: 'Ev1',
          event: { type: 'message', channel: 'C1', message, ...Object(event) },
        };
        expect(route(shaped)).toMatchObject({
          eventId: 'Ev1',
          group: expect.stringMatching(/^[A-Za-z0-9:.]{2,128}$/),
        });
      }),
    );
  });
});
