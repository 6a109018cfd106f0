import { describe, expect, it } from 'vitest';
import type { ConnectionId, FieldValue, RecordKind } from '../../../shared/domain/index.ts';
import type { MappingDocument } from '../../../shared/ports/index.ts';
import { applyEdit, refusalOfValue } from '../../../shared/sync/hub-edit.ts';
import type { Child, Root } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { around, deskPlace, documentedBy, NOW_MS, ticketScene } from './scenes.ts';

const rootNow = (): Root => ticketScene({}).tree.root;
const custom: NonNullable<MappingDocument['custom']> = {
  severity: { type: 'text' },
  seats: { type: 'number' },
  vip: { type: 'boolean' },
  due: { type: 'date' },
};
/** A desk whose connection has a document of its own, beside one that has none. */
function surroundings() {
  const place = deskPlace();
  const under = (mapping: MappingDocument) => documentedBy(place, mapping);
  const places = new Map([
    ['plain' as ConnectionId, place],
    ['bare' as ConnectionId, under({ version: 1, kinds: {} })],
    ['other' as ConnectionId, under({ version: 1, kinds: {}, custom: { else: { type: 'text' } } })],
    ['desk' as ConnectionId, under({ version: 1, kinds: {}, custom })],
  ]);
  return { ...around(place), places };
}
const set = (fields: Record<string, FieldValue>, root = rootNow(), child?: Child) =>
  applyEdit(root, child, { actor: 'ada', edit: { edit: 'fields', fields } }, surroundings());
const refusalOf = (fields: Record<string, FieldValue>) => {
  try {
    set(fields);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('an edit through the hub', () => {
  it('sets the fields it names, by whom and when, on a copy of what it was given', () => {
    const root = rootNow();

    const { tree, comment } = set({ subject: 'fire', priority: 'high' }, root);

    expect(tree.root.fields).toEqual({ subject: 'fire', priority: 'high' });
    expect(tree.root.provenance.subject).toMatchObject({
      source: 'hub',
      actor: 'ada',
      fromMs: NOW_MS,
      toMs: NOW_MS,
    });
    expect(tree.changes).toEqual([
      {
        record: 'ticket-1',
        kind: 'ticket',
        what: 'updated',
        fields: { subject: { from: 'printer', to: 'fire' }, priority: { from: 'low', to: 'high' } },
        source: 'hub',
        actor: 'ada',
      },
    ]);
    expect(comment).toBeUndefined();
    expect(root.fields.subject).toBe('printer');
  });

  it('of a comment is the comment’s alone', () => {
    const { record, tree } = commentScene({});

    const edited = set({ body: 'it smokes' }, tree.root, record as Child).tree;

    expect(edited.children.get(record.id)?.fields).toEqual({ body: 'it smokes' });
    expect(edited.root.fields).toEqual(tree.root.fields);
    expect(edited.changes).toMatchObject([{ record: 'comment-1', kind: 'comment' }]);
  });
});

describe('a comment made through the hub', () => {
  const say = (body: string, visibility: 'public' | 'internal' = 'internal') => {
    const root = rootNow();
    const edit = { edit: 'comment', body, visibility, authorName: 'Ada' } as const;
    return applyEdit(root, undefined, { actor: 'user:ada', edit }, surroundings());
  };

  it('is its ticket’s, as its author said it', () => {
    const { tree, comment } = say('checked the fuse');
    const by = { source: 'hub', actor: 'user:ada', fromMs: NOW_MS, toMs: NOW_MS };

    expect([...tree.children.values()]).toEqual([
      {
        id: 'ticket-1.id-1',
        kind: 'comment',
        root: 'ticket-1',
        fields: { body: 'checked the fuse' },
        provenance: { body: by, visibility: by },
        revision: 0,
        createdAtMs: NOW_MS,
        updatedAtMs: NOW_MS,
        visibility: 'internal',
        author: { role: 'agent', name: 'Ada' },
        position: expect.stringContaining(String(NOW_MS)),
        links: {},
      },
    ]);
    expect(comment).toBe('ticket-1.id-1');
    expect(tree.root.childCount).toBe(1);
    expect(tree.changes).toEqual([
      { record: comment, kind: 'comment', what: 'created', fields: {}, source: 'hub', actor: 'user:ada' },
    ]);
  });

  it('is as visible as it was said to be, and not empty', () => {
    expect([...say('x', 'public').tree.children.values()][0]?.visibility).toBe('public');
    for (const body of ['', ' \n'])
      expect(() => say(body)).toThrow(
        expect.objectContaining({
          code: 'invalid_input',
          pointer: '/body',
          message: 'a comment needs a body',
        }),
      );
  });
});

describe('a value a record can be given through the hub', () => {
  it.each<[RecordKind, string, FieldValue, boolean]>([
    ['ticket', 'subject', 'fire', true],
    ['ticket', 'subject', null, false],
    ['ticket', 'subject', 7, false],
    ['ticket', 'description', null, true],
    ['ticket', 'priority', null, true],
    ['ticket', 'priority', 'urgent', true],
    ['ticket', 'priority', 'P1', false],
    ['ticket', 'status', 'closed', true],
    ['ticket', 'status', 'high', false],
    ['ticket', 'status', null, false],
    ['ticket', 'requester', 'contact-1', false],
    ['ticket', 'requester', null, false],
    ['ticket', 'body', 'x', false],
    ['comment', 'body', 'x', true],
    ['comment', 'body', null, false],
    ['contact', 'name', null, true],
    ['contact', 'email', null, true],
    ['contact', 'phone', null, true],
    ['contact', 'subject', 'x', false],
    ['attachment', 'name', 'a.txt', true],
    ['ticket', 'custom.severity', 'S1', true],
    ['contact', 'custom.severity', 'S1', true],
    ['contact', 'custom.severity', 7, false],
    ['ticket', 'custom.none', 'S1', false],
    ['comment', 'custom.severity', 'S1', false],
  ])('of a %s as %s %j: %s', (kind, field, value, may) => {
    const refusal = refusalOfValue(kind, { field, value }, surroundings().places);

    expect(refusal === undefined).toBe(may);
  });

  it.each<[Record<string, FieldValue>, string, string]>([
    [{ colour: 'red' }, '/fields/colour', 'not a field of a ticket that can be edited'],
    [{ 'a/b~c': 'red' }, '/fields/a~1b~0c', 'not a field of a ticket that can be edited'],
    [{ requester: 'c' }, '/fields/requester', 'not a field of a ticket that can be edited'],
    [{ subject: 7 }, '/fields/subject', 'expected a string'],
    [{ priority: 'P1' }, '/fields/priority', 'expected one of low, normal, high, urgent'],
    [
      { subject: 'fine', status: 'gone' },
      '/fields/status',
      'expected one of new, open, pending, solved, closed',
    ],
    [{ 'custom.seats': '3' }, '/fields/custom.seats', 'expected a number'],
    [{ 'custom.none': '3' }, '/fields/custom.none', 'no connection’s mapping declares such a field'],
  ])('is refused by what is wrong, and where (RFC 6901): %j', (fields, pointer, message) => {
    expect(refusalOf(fields)).toMatchObject({ code: 'invalid_input', pointer, message });
  });
});

describe('a value of an organization’s own field', () => {
  it.each<[string, FieldValue, boolean]>([
    ['severity', 'S1', true],
    ['severity', 7, false],
    ['severity', 'x'.repeat(32_000), true],
    ['severity', 'x'.repeat(32_001), false],
    ['severity', null, true],
    ['seats', 7, true],
    ['seats', '7', false],
    ['vip', false, true],
    ['vip', 'false', false],
    ['due', '2026-11-27', true],
    ['due', 'on 2026-11-27', false],
    ['due', '2026-11-27T10:00', false],
    ['due', '26-11-27', false],
    ['due', '2026-1-27', false],
    ['due', '2026-11-7', false],
    ['due', 20261127, false],
  ])('%s %j: %s', (name, value, may) => {
    expect(refusalOf({ [`custom.${name}`]: value }) === undefined).toBe(may);
  });

  it('is set as any other', () => {
    const { root } = set({ 'custom.vip': true }).tree;

    expect(root.fields['custom.vip']).toBe(true);
    expect(set({ 'custom.vip': true }, root, undefined).tree.changes).toEqual([]);
  });
});
