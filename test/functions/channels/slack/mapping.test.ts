import { describe, expect, it } from 'vitest';
import { mapping } from '../../../../functions/channels/slack/mapping.ts';
import { mappings } from '../../../../functions/mappings.ts';
import type { Comment, RecordId } from '../../../../shared/domain/index.ts';
import { InvalidInputError } from '../../../../shared/errors.ts';
import type { MappingContext, Observation, Projectable } from '../../../../shared/ports/index.ts';
import { bytes, CONTEXT, payload, withEvent } from './payloads.ts';

const decode = (value: unknown, context: MappingContext = CONTEXT) =>
  mapping.decode(bytes(value), 'application/json', context);
const observed = (value: unknown, context?: MappingContext): readonly Observation[] => {
  const decoded = decode(value, context);
  if (decoded.outcome !== 'observations') throw new Error(`expected observations, saw ${decoded.reason}`);
  return decoded.observations;
};
const ROOT = 'C0SUPPORT01:1772359200.250000';

describe('slack mapping: what a message event says', () => {
  it('is listed among the mappings', () => {
    expect(mappings.slack).toBe(mapping);
  });

  it('takes a top-level message for a conversation, its first line for a subject', () => {
    const [ticket, ...others] = observed(payload('message'));

    expect(others).toEqual([]);
    expect(ticket).toEqual({
      kind: 'ticket',
      externalId: ROOT,
      authorship: 'other',
      version: { source: 'slack', value: 1772359200 },
      atMs: 1772359200250,
      fields: { description: payload('message').event.text },
      initial: { subject: 'Grüße! Meine Lampe &lt;Modell *X&amp;Y*&gt; ist dunkel 日本' },
      isComplete: true,
      contactExternalId: 'U0ADA000001',
    });
    expect(mapping.interpret('ticket', { ...ticket!.initial, ...ticket!.fields }, CONTEXT)).toEqual({
      subject: 'Grüße! Meine Lampe <Modell X&Y> ist dunkel 日本',
      description:
        'Grüße! Meine Lampe <Modell **X&Y**> ist dunkel 日本\nSee [the page](https://lamps.example/m?a=1&b=2)',
    });
  });

  it('takes a reply for a public comment of its thread, by a customer', () => {
    const [comment] = observed(payload('reply'));

    expect(comment).toMatchObject({
      kind: 'comment',
      externalId: 'C0SUPPORT01:1772359260.000100',
      rootExternalId: ROOT,
      visibility: 'public',
      author: { role: 'customer' },
      authorship: 'other',
      order: '1772359260.000100',
      contactExternalId: 'U0ADA000001',
    });
    expect(mapping.interpret('comment', comment!.fields, CONTEXT)).toEqual({
      body: 'and @U0BEN000001 says it @here too',
    });
  });

  it('takes a direct message for a comment of one conversation, which it may begin', () => {
    const [ticket, comment] = observed(payload('direct-message'));

    expect(ticket).toMatchObject({
      kind: 'ticket',
      externalId: 'D0ADA000001:dm',
      fields: {},
      initial: { subject: 'psst' },
      contactExternalId: 'U0ADA000001',
    });
    expect(comment).toMatchObject({
      kind: 'comment',
      externalId: 'D0ADA000001:1772359300.000200',
      rootExternalId: 'D0ADA000001:dm',
      fields: { body: 'psst' },
    });
  });

  it('keeps a reply within a direct message in the one conversation', () => {
    const [, comment] = observed(withEvent('direct-message', { thread_ts: '1772359299.000001' }));

    expect(comment).toMatchObject({ rootExternalId: 'D0ADA000001:dm' });
  });

  it('knows the hub’s own message by the app, and finds the record it copies', () => {
    const [comment] = observed(payload('own-message'));

    expect(comment).toMatchObject({
      kind: 'comment',
      authorship: 'hub',
      marker: '01JRECORD0000000000000001',
      rootExternalId: ROOT,
      fields: { body: 'On it' },
    });
    expect(comment).not.toHaveProperty('author');
    expect(comment).not.toHaveProperty('contactExternalId');
  });

  it('knows it by the bot user as well', () => {
    const event = { subtype: undefined, user: 'U0HUB000001', app_id: undefined };

    expect(observed(withEvent('own-message', event))[0]).toMatchObject({ authorship: 'hub' });
  });

  it('asks for a read of its own message whose metadata Slack left out', () => {
    const event = { metadata: { event_type: 'deskbridge_message', event_payload: {} } };

    const [comment] = observed(withEvent('own-message', event));

    expect(comment).toMatchObject({ authorship: 'hub', needsRead: true, fields: {}, isComplete: false });
    expect(comment).not.toHaveProperty('marker');
  });

  it('believes no marker on a message of anybody else', () => {
    const metadata = payload('own-message').event.metadata;

    const [comment] = observed(withEvent('reply', { metadata }));

    expect(comment).not.toHaveProperty('marker');
    expect(comment).toMatchObject({ authorship: 'other' });
  });

  it('takes an edit as what the message holds now', () => {
    const [comment] = observed(payload('edited'));

    expect(comment).toMatchObject({
      kind: 'comment',
      externalId: 'C0SUPPORT01:1772359260.000100',
      rootExternalId: ROOT,
      authorship: 'other',
      fields: { body: 'and it smells' },
      version: { source: 'slack', value: 1772359330 },
      atMs: 1772359330000,
    });
  });

  it('never takes an edit within the first second for older than its message', () => {
    const message = { ...payload('message').event, edited: { user: 'U', ts: '1772359200.000000' } };
    const [before] = observed(payload('message'));
    const [after] = observed(withEvent('edited', { message }));

    expect(after?.version?.value).toBe(before?.version?.value);
  });

  it('takes a deletion as positive evidence, newer than every edit of its second', () => {
    const [reply] = observed(payload('deleted'));
    const [root] = observed(
      withEvent('deleted', {
        deleted_ts: '1772359200.250000',
        previous_message: payload('message').event,
      }),
    );

    expect(reply).toMatchObject({
      kind: 'comment',
      externalId: 'C0SUPPORT01:1772359260.000100',
      rootExternalId: ROOT,
      life: 'deleted',
      authorship: 'unknown',
      version: { value: 1772359341 },
    });
    expect(root).toMatchObject({ kind: 'ticket', externalId: ROOT, life: 'deleted' });
  });

  it('takes a deletion that does not say what was there for one of a root', () => {
    const [gone] = observed(withEvent('deleted', { previous_message: undefined }));

    expect(gone).toMatchObject({
      kind: 'ticket',
      externalId: 'C0SUPPORT01:1772359260.000100',
      life: 'deleted',
    });
  });

  it('takes a deleted root with replies for a conversation that lives on', () => {
    const [ticket] = observed(payload('tombstone'));

    expect(ticket).toMatchObject({
      kind: 'ticket',
      externalId: ROOT,
      fields: { description: 'This message was deleted.' },
    });
    expect(ticket).not.toHaveProperty('life');
    expect(ticket).not.toHaveProperty('contactExternalId');
    expect(ticket).not.toHaveProperty('version');
  });

  it('takes a tombstone in a direct message for a deleted comment', () => {
    const tombstone = withEvent('tombstone', { channel: 'D0ADA000001', channel_type: 'im' });

    expect(observed(tombstone).find(({ kind }) => kind === 'comment')).toMatchObject({ life: 'deleted' });
  });

  it('names files, which it does not take', () => {
    const files = [{ name: 'lamp.png', title: 'My lamp' }, { name: 'bill.pdf' }, { name: null }];

    const [comment] = observed(withEvent('reply', { subtype: 'file_share', text: '', files }));

    expect(comment?.fields.body).toBe('[file: My lamp]\n[file: bill.pdf]\n[file: unnamed]');
  });

  it('lets no clock run ahead of the receipt', () => {
    const receivedAtMs = 1772359200000;

    expect(observed(payload('message'), { ...CONTEXT, receivedAtMs })[0]?.atMs).toBe(receivedAtMs);
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
    ['an uninstallation', payload('uninstalled'), 'the app was removed from the workspace'],
    [
      'revoked tokens',
      withEvent('uninstalled', { type: 'tokens_revoked' }),
      'tokens of the app were revoked',
    ],
    ['an unknown event', withEvent('uninstalled', { type: 'reaction_added' }), 'unknown event type'],
    ['a limit', { type: 'app_rate_limited' }, 'slack limited the events of this app'],
    ['an unknown request', { type: 'something_new' }, 'unknown kind of request'],
  ])('filters %s with its reason', (_, value, reason) => {
    expect(decode(value)).toEqual({ outcome: 'filtered', reason });
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
