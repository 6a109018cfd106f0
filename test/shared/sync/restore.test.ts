import { describe, expect, it } from 'vitest';
import type { ConnectionId, FieldValue, RecordId, RecordKind } from '../../../shared/domain/index.ts';
import { applyRestore, whyNotRestored } from '../../../shared/sync/restore.ts';
import type { AnyRecord, Child, Root } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { around, deskPlace, documentedBy, NOW_MS, ticketScene } from './scenes.ts';

const ticket: Root = ticketScene({ fields: { requester: 'contact-1' } }).tree.root;
const comment = commentScene({}).record as Child;
const rootOf = (kind: Root['kind'], more: Partial<Root> = {}): Root => ({
  ...ticket,
  id: `${kind}-2` as RecordId,
  kind,
  ...more,
});
const recordOf = (kind: RecordKind): AnyRecord =>
  kind === 'comment' ? comment : kind === 'ticket' ? ticket : rootOf(kind);
const deleted = { atMs: 1, source: 'desk' as ConnectionId };
const mapped = documentedBy(deskPlace(), { version: 1, kinds: {}, custom: { severity: { type: 'text' } } });
const { places } = around(mapped);
const refusal = (record: AnyRecord, field: string, value: FieldValue, named?: Root) =>
  whyNotRestored(record, { field, value }, { places, named });

describe('a value that lost can stand again', () => {
  it.each<[RecordKind, string, FieldValue]>([
    ['ticket', 'subject', 'fire'],
    ['ticket', 'subject', null],
    ['ticket', 'description', null],
    ['ticket', 'priority', null],
    ['ticket', 'status', 'closed'],
    ['ticket', 'requester', null],
    ['ticket', 'custom.severity', 'S1'],
    ['comment', 'body', 'x'],
    ['comment', 'visibility', 'internal'],
    ['contact', 'account', null],
    ['contact', 'email', null],
    ['account', 'website', null],
    ['attachment', 'name', 'a.txt'],
    ['attachment', 'visibility', 'internal'],
  ])('of a %s as %s: %j', (kind, field, value) => {
    expect(refusal(recordOf(kind), field, value)).toBeUndefined();
  });

  it('as the record that it names, if that still lives', () => {
    expect(refusal(ticket, 'requester', 'contact-2', rootOf('contact'))).toBeUndefined();
    expect(refusal(rootOf('contact'), 'account', 'account-2', rootOf('account'))).toBeUndefined();
  });
});

describe('a value that lost cannot stand again, and it is said why', () => {
  it.each<[RecordKind, string, FieldValue, string]>([
    ['ticket', 'status', null, 'a ticket is never without a status'],
    ['ticket', 'status', 'gone', 'expected one of new, open, pending, solved, closed'],
    ['comment', 'body', null, 'a comment is never without a text'],
    ['ticket', 'visibility', 'internal', 'not a field of a ticket that can be edited'],
    ['ticket', 'subject', 7, 'expected a string'],
    ['ticket', 'custom.none', 'x', 'no connection’s mapping declares such a field'],
    ['ticket', 'custom.none', null, 'no connection’s mapping declares such a field'],
    ['attachment', 'type', 'text/plain', 'the type of a file is what its bytes are'],
    ['attachment', 'size', 7, 'the size of a file is what its bytes are'],
    ['ticket', 'requester', 'contact-2', 'the contact it names is not here'],
    ['contact', 'account', 'account-2', 'the account it names is not here'],
  ])('of a %s as %s: %j', (kind, field, value, why) => {
    expect(refusal(recordOf(kind), field, value)).toBe(why);
  });

  it('where what it names is deleted, or of another kind', () => {
    expect(refusal(ticket, 'requester', 'contact-2', rootOf('contact', { deleted }))).toBe(
      'the contact it names has been deleted',
    );
    expect(refusal(ticket, 'requester', 'account-2', rootOf('account'))).toBe(
      'the contact it names is not here',
    );
  });

  it('where its record is deleted', () => {
    expect(refusal({ ...comment, deleted }, 'body', 'x')).toBe('this comment has been deleted');
  });

  it.each(['comment', 'attachment'] as const)('where an internal %s would go out to the customer', (kind) => {
    const why = refusal(recordOf(kind), 'visibility', 'public');

    expect(why).toContain(`a ${kind} that is internal is made public only where it was written`);
  });
});

describe('a restored value', () => {
  const restored = (record: Root | Child, field: string, value: FieldValue, named?: Root) => {
    const what = { edit: 'restore', record: record.id, field, value } as const;
    const child = record.kind === 'comment' ? record : undefined;
    return applyRestore(ticket, child, { what, actor: 'user:ada', named }, around(mapped));
  };

  it('is set as an edit is, by whom and when, on a copy of what was given', () => {
    const { root, changes } = restored(ticket, 'subject', 'fire');

    expect(root.fields.subject).toBe('fire');
    expect(root.provenance.subject).toEqual({
      source: 'hub',
      actor: 'user:ada',
      fromMs: NOW_MS,
      toMs: NOW_MS,
      revision: 2,
    });
    expect(changes).toMatchObject([
      { record: ticket.id, source: 'hub', actor: 'user:ada', fields: { subject: { to: 'fire' } } },
    ]);
    expect(ticket.fields.subject).toBe('printer');
  });

  it('of a comment is the comment’s alone', () => {
    const tree = restored(comment, 'body', 'it smokes');

    expect(tree.children.get(comment.id)?.fields.body).toBe('it smokes');
    expect(tree.root.fields).toEqual(ticket.fields);
  });

  it('names the record that goes on for the one it named', () => {
    const survivor = rootOf('contact');

    expect(restored(ticket, 'requester', 'contact-gone', survivor).root.fields.requester).toBe(survivor.id);
    expect(restored(ticket, 'requester', null).root.fields.requester).toBeNull();
  });

  it('is refused by what is wrong with it', () => {
    expect(() => restored(ticket, 'status', null)).toThrow(
      expect.objectContaining({ code: 'invalid_input', pointer: '/value' }),
    );
  });
});
