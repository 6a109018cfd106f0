import { describe, expect, it } from 'vitest';
import { mapping } from '../../../../functions/channels/slack/mapping.ts';
import { mappings } from '../../../../functions/mappings.ts';
import type { Comment, RecordId } from '../../../../shared/domain/index.ts';
import { InvalidInputError } from '../../../../shared/errors.ts';
import type { MappingContext, Projectable } from '../../../../shared/ports/index.ts';
import { bytes, CONTEXT, payload, withEvent } from './payloads.ts';

const decode = (value: unknown, context: MappingContext = CONTEXT) =>
  mapping.decode(bytes(value), 'application/json', context);

describe('slack mapping', () => {
  it('is listed among the mappings', () => {
    expect(mappings.slack).toBe(mapping);
  });
});

describe('slack mapping: what is none of the hub’s business', () => {
  const others = { user: 'U0OTHERBOT1', bot_id: 'B0OTHER0001', app_id: 'A0OTHER0001' };

  it.each([
    ['housekeeping', payload('joined'), 'nobody said anything'],
    [
      'an edit of housekeeping',
      withEvent('edited', { message: payload('joined').event }),
      'nobody said anything',
    ],
    [
      'a deletion of housekeeping',
      withEvent('deleted', { previous_message: payload('joined').event }),
      'nobody said anything',
    ],
    ['another app', withEvent('message', others), 'another app wrote it'],
    ['Slackbot', withEvent('message', { user: 'USLACKBOT' }), 'another app wrote it'],
    [
      'a deletion of another app’s message',
      withEvent('deleted', { previous_message: { ...payload('reply').event, ...others } }),
      'another app wrote it',
    ],
    [
      'its own message outside a conversation',
      withEvent('own-message', { thread_ts: undefined }),
      'the hub wrote it outside a conversation',
    ],
    ['an unknown event', withEvent('uninstalled', { type: 'reaction_added' }), 'unknown event type'],
    ['a limit', { type: 'app_rate_limited' }, 'slack limited the events of this app'],
    ['an unknown request', { type: 'something_new' }, 'unknown kind of request'],
  ])('filters %s with its reason', (_, value, reason) => {
    expect(decode(value)).toEqual({ outcome: 'filtered', reason });
  });

  it.each([
    ['an uninstallation', payload('uninstalled'), 'the app was removed from the workspace'],
    [
      'revoked tokens',
      withEvent('uninstalled', { type: 'tokens_revoked' }),
      'tokens of the app were revoked',
    ],
  ])('filters %s, and has the vendor asked', (_, value, reason) => {
    expect(decode(value)).toEqual({ outcome: 'filtered', reason, asksForCheck: true });
  });

  it('has nobody asked for what happened in another workspace', () => {
    expect(decode(payload('uninstalled'), { ...CONTEXT, account: 'T0ELSEWHERE' })).toEqual({
      outcome: 'filtered',
      reason: 'it happened in another workspace',
    });
  });

  it('takes a group direct message whichever channels are connected, and a channel only if it is', () => {
    const context = { ...CONTEXT, settings: { channels: 'C0OTHER' } };
    const group = withEvent('message', { channel_type: 'mpim' });

    expect(decode(withEvent('message', {}), context)).toMatchObject({ outcome: 'filtered' });
    expect(decode(group, context)).toMatchObject({ outcome: 'observations' });
  });

  it('filters what is not JSON by Slack’s own design', () => {
    const form = mapping.decode(bytes('payload=%7B%7D'), 'application/x-www-form-urlencoded', CONTEXT);

    expect(form.outcome).toBe('filtered');
  });

  it('keeps to the channels that were connected, and to every direct message', () => {
    const only = (channels: string): MappingContext => ({ ...CONTEXT, settings: { channels } });

    expect(decode(payload('message'), only('C0OTHER0001')).outcome).toBe('filtered');
    expect(decode(payload('message'), only('C0OTHER0001, C0SUPPORT01')).outcome).toBe('observations');
    expect(decode(payload('message'), only(' ')).outcome).toBe('observations');
    expect(decode(payload('direct-message'), only('C0OTHER0001')).outcome).toBe('observations');
  });
});

describe('slack mapping: what cannot be read', () => {
  it.each([
    ['half a body', '{"type":', undefined],
    ['an array', '[]', ''],
    ['a callback without its event', { type: 'event_callback' }, '/event'],
    ['a message without its channel', withEvent('message', { channel: undefined }), '/event/channel'],
    ['a stamp that is a number', withEvent('message', { ts: 1772359200.25 }), '/event/ts'],
    ['an edit without its message', withEvent('edited', { message: undefined }), '/event/message'],
    ['a deletion without its stamp', withEvent('deleted', { deleted_ts: 7 }), '/event/deleted_ts'],
  ])('names %s and where it is wrong', (_, value, pointer) => {
    const error = thrownBy(() => decode(value));

    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ code: 'invalid_input', pointer });
  });

  it('never repeats what stood there', () => {
    const error = thrownBy(() => decode(withEvent('message', { text: { canary: 'hunter2' } })));

    expect(JSON.stringify([error, String(error)])).not.toContain('hunter2');
  });
});

function thrownBy(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error('expected an error');
}

describe('slack mapping: what a copy should hold', () => {
  const record = (comment: Comment | undefined, more: Partial<Projectable> = {}): Projectable => ({
    id: '01JRECORD0000000000000001' as RecordId,
    kind: 'comment',
    fields: {},
    copy: 'ours',
    ...(comment === undefined ? {} : { comment }),
    ...more,
  });
  const note: Comment = { visibility: 'internal', body: 'psst', author: { role: 'agent' } };
  const reply: Comment = { visibility: 'public', body: '**yes** & no', author: { role: 'agent' } };

  it('is the text of a public comment as mrkdwn', () => {
    expect(mapping.project(record(reply), CONTEXT)).toEqual({ body: '\u200B*yes*\u200B &amp; no' });
  });

  it('has no place for an internal note, whoever’s the copy (invariant 7)', () => {
    expect(mapping.project(record(note), CONTEXT)).toBeUndefined();
    expect(mapping.project(record(note, { copy: 'theirs' }), CONTEXT)).toBeUndefined();
    expect(mapping.project(record(undefined), CONTEXT)).toBeUndefined();
  });

  it('is nothing where customers wrote: their messages, their conversations, their profiles', () => {
    expect(mapping.project(record(reply, { copy: 'theirs' }), CONTEXT)).toEqual({});
    expect(mapping.project(record(undefined, { kind: 'ticket' }), CONTEXT)).toEqual({});
    expect(mapping.project(record(undefined, { kind: 'contact' }), CONTEXT)).toEqual({});
  });
});

describe('slack mapping: raw and canonical values', () => {
  it('leaves out what has no meaning in the hub', () => {
    expect(mapping.interpret('ticket', { topic: 'x', subject: ' ', description: 'd' }, CONTEXT)).toEqual({
      description: 'd',
    });
  });

  it('keeps an empty value empty and an address in lower case', () => {
    const raw = { name: 'Zoë', email: 'Zoe@Example.com', phone: null };

    expect(mapping.interpret('contact', raw, CONTEXT)).toEqual({ ...raw, email: 'zoe@example.com' });
  });

  it('cuts a subject at a whole character', () => {
    const { subject } = mapping.interpret('ticket', { subject: '😀'.repeat(300) }, CONTEXT);

    expect([...String(subject)]).toHaveLength(200);
    expect(String(subject).endsWith('😀…')).toBe(true);
  });

  it('takes for the same what Slack takes for the same', () => {
    const form = (text: string) => mapping.canonicalForm('comment', 'body', text);

    expect(form('a  \r\nb\n\n')).toBe(form('a\nb'));
    expect(form('see <https://x.example/a>')).toBe(form('see https://x.example/a'));
    expect(form('<mailto:a@x.example|a@x.example>')).toBe(form('a@x.example'));
    expect(form('<https://x.example|label>')).not.toBe(form('label'));
    expect(mapping.canonicalForm('contact', 'email', ' A@x.example ')).toBe('a@x.example');
    expect(mapping.canonicalForm('contact', 'name', 'A ')).toBe('A');
    expect(mapping.canonicalForm('contact', 'phone', null)).toBeNull();
  });
});
