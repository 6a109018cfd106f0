import { describe, expect, it } from 'vitest';
import { mapping } from '../../../../functions/channels/slack/mapping.ts';
import type { MappingContext, Observation } from '../../../../shared/ports/index.ts';
import { bytes, CONTEXT, payload, withEvent } from './payloads.ts';

const observed = (value: unknown, context: MappingContext = CONTEXT): readonly Observation[] => {
  const decoded = mapping.decode(bytes(value), 'application/json', context);
  if (decoded.outcome !== 'observations') throw new Error(`expected observations, saw ${decoded.reason}`);
  return decoded.observations;
};
const ROOT = 'C0SUPPORT01:1772359200.250000';

describe('slack mapping: whose event it is', () => {
  const at = (account: string) => ({ ...CONTEXT, account });
  const from = (names: object) => ({
    ...payload('message'),
    team_id: 'T0BETA',
    context_team_id: 'T0BETA',
    authorizations: [{ team_id: 'T0BETA' }],
    ...names,
  });

  it('leaves alone what another workspace with the same app says, however well it is signed', () => {
    expect(mapping.decode(bytes(from({})), 'application/json', at('T0ALPHA'))).toEqual({
      outcome: 'filtered',
      reason: 'it happened in another workspace',
    });
    expect(observed(from({}), at('T0BETA'))).toHaveLength(1);
  });

  it.each([
    ['the workspace itself', { team_id: 'T0ALPHA' }],
    ['the one the app sees it from', { context_team_id: 'T0ALPHA' }],
    ['the installation it is visible to', { authorizations: [{ team_id: 'T0ALPHA' }] }],
    ['nobody', { team_id: null, context_team_id: undefined, authorizations: undefined }],
  ])('takes an event that names %s', (_, names) => {
    expect(observed(from(names), at('T0ALPHA'))).toHaveLength(1);
  });

  it('takes any event where the account is not known', () => {
    expect(observed(from({}))).toHaveLength(1);
  });
});

describe('slack mapping: what a message event says', () => {
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
      refersTo: 'U0ADA000001',
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
      refersTo: 'U0ADA000001',
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
      refersTo: 'U0ADA000001',
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
    expect(comment).not.toHaveProperty('refersTo');
  });

  it('takes whatever the hub calls a record, and nothing that cannot be one', () => {
    const markerOf = (record: unknown) => {
      const metadata = { event_type: 'deskbridge_message', event_payload: { record } };
      return observed(withEvent('own-message', { metadata }))[0]?.marker;
    };

    expect(markerOf('01JROOT.01JCHILD')).toBe('01JROOT.01JCHILD');
    for (const record of ['', 'two words', 'x'.repeat(201), 7, null])
      expect(markerOf(record)).toBeUndefined();
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
    expect(ticket).not.toHaveProperty('refersTo');
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

  it('tells Slack’s own time, whenever it came', () => {
    const [early, late] = [0, Number.MAX_SAFE_INTEGER].map(
      (receivedAtMs) => observed(payload('message'), { ...CONTEXT, receivedAtMs })[0]?.atMs,
    );

    expect(early).toBe(late);
  });
});
