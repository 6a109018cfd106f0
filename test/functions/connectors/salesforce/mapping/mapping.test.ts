import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitted, splitName } from '../../../../../functions/connectors/salesforce/mapping/text.ts';
import { mapping } from '../../../../../functions/connectors/salesforce/mapping.ts';
import type { ExternalId, Fields, RecordId, RecordKind } from '../../../../../shared/domain/index.ts';
import { TICKET_PRIORITIES, TICKET_STATUSES } from '../../../../../shared/domain/index.ts';
import type { MappingContext, Projectable, ValuePair } from '../../../../../shared/ports/index.ts';
import { fieldOf, objects } from '../../../../sandboxes/salesforce/schema.ts';
import { coerce } from '../../../../sandboxes/salesforce/values.ts';
import { CONTEXT } from './events.ts';

const CONTACT = '003Ws00000000AbIAI' as ExternalId;
const record = (kind: RecordKind, fields: Fields, more: Partial<Projectable> = {}): Projectable => ({
  id: 'r1' as RecordId,
  kind,
  fields,
  copy: 'ours',
  ...more,
});
const withSettings = (settings: MappingContext['settings']): MappingContext => ({ ...CONTEXT, settings });
const withRules = (values: Readonly<Record<string, readonly ValuePair[]>>): MappingContext => ({
  ...CONTEXT,
  mapping: {
    version: 1,
    kinds: {
      ticket: {
        rules: Object.entries(values).map(([field, pairs]) => ({
          field,
          vendorField: field,
          direction: 'both' as const,
          values: pairs,
        })),
      },
    },
  },
});

describe('Salesforce mapping: statuses and priorities', () => {
  it.each([
    ['New', 'new'],
    ['Working', 'open'],
    ['Escalated', 'open'],
    ['On Hold', 'pending'],
    ['Closed', 'closed'],
    [' closed ', 'closed'],
    ['Dreaming', undefined],
    [null, undefined],
  ])('reads status %j as %j', (raw, status) => {
    expect(mapping.interpret('ticket', { status: raw }, CONTEXT)).toEqual(
      status === undefined ? {} : { status },
    );
  });

  it.each([
    ['new', 'New'],
    ['open', 'Working'],
    ['pending', 'On Hold'],
    ['solved', 'Closed'],
    ['closed', 'Closed'],
  ])('writes status %j as %j', (status, raw) => {
    expect(mapping.project(record('ticket', { status }), CONTEXT)).toEqual({ status: raw });
  });

  it.each([
    ['low', 'Low'],
    ['normal', 'Medium'],
    ['high', 'High'],
    ['urgent', 'Critical'],
  ])('reads and writes priority %j as %j', (priority, raw) => {
    expect(mapping.project(record('ticket', { priority }), CONTEXT)).toEqual({ priority: raw });
    expect(mapping.interpret('ticket', { priority: raw }, CONTEXT)).toEqual({ priority });
  });

  it('takes a connection’s own words: the first is written, all are understood', () => {
    const context = withRules({
      status: [
        { hub: 'open', vendor: ['In Progress', 'Escalated'] },
        { hub: 'solved', vendor: ['Resolved'] },
      ],
      priority: [{ hub: 'urgent', vendor: ['High'] }],
    });
    const status = (raw: string) => mapping.interpret('ticket', { status: raw }, context).status;

    expect(mapping.project(record('ticket', { status: 'open', priority: 'urgent' }), context)).toEqual({
      status: 'In Progress',
      priority: 'High',
    });
    expect([status('Resolved'), status('Escalated'), status('On Hold'), status('Working')]).toEqual([
      'solved',
      'open',
      undefined,
      undefined,
    ]);
    expect(mapping.interpret('ticket', { priority: 'High' }, context)).toEqual({ priority: 'urgent' });
  });

  it('has a word for every canonical value, and leaves alone what is none', () => {
    for (const status of TICKET_STATUSES)
      expect(mapping.project(record('ticket', { status }), CONTEXT)).toHaveProperty('status');
    for (const priority of TICKET_PRIORITIES) {
      expect(mapping.project(record('ticket', { priority }), CONTEXT)).toHaveProperty('priority');
    }
    expect(mapping.project(record('ticket', { status: 'odd', priority: null }), CONTEXT)).toEqual({});
  });
});

describe('Salesforce mapping: requester', () => {
  it('is the contact’s id, where it is known', () => {
    const projected = (fields: Fields, referredExternalId: ExternalId | null) =>
      mapping.project(record('ticket', fields, { referredExternalId }), CONTEXT);

    expect(projected({ requester: 'r2' }, CONTACT.slice(0, 15) as ExternalId)).toEqual({
      requester: CONTACT,
    });
    expect(projected({ requester: 'r2' }, null)).toEqual({});
    expect(projected({ requester: null }, null)).toEqual({ requester: null });
  });

  it('means something only when it is empty; the engine knows whose an id is', () => {
    expect(mapping.interpret('ticket', { requester: CONTACT }, CONTEXT)).toEqual({});
    expect(mapping.interpret('ticket', { requester: null }, CONTEXT)).toEqual({ requester: null });
  });
});

describe('Salesforce mapping: texts as the org would keep them', () => {
  it.each([
    ['subject', '  padded\t', 'padded'],
    ['subject', ' \n ', null],
    ['subject', 'a'.repeat(255), 'a'.repeat(255)],
    ['subject', 'a'.repeat(256), `${'a'.repeat(254)}…`],
    ['subject', `${'a'.repeat(253)}😀b`, `${'a'.repeat(253)}…`],
    ['description', 'one\r\ntwo\rthree', 'one\ntwo\nthree'],
    ['body', 'é'.repeat(2_000), 'é'.repeat(2_000)],
    ['body', 'é'.repeat(2_001), `${'é'.repeat(1_998)}…`],
    ['unlimited', 'x'.repeat(50_000), 'x'.repeat(50_000)],
  ])('keeps %s %#', (field, text, expected) => {
    expect(fitted(field, text)).toBe(expected);
  });

  it('cuts a description at 32,000 characters', () => {
    expect(fitted('description', 'd'.repeat(40_000))).toHaveLength(32_000);
  });

  const TEXTS: readonly [RecordKind, string, string, string][] = [
    ['ticket', 'subject', 'Case', 'Subject'],
    ['ticket', 'description', 'Case', 'Description'],
    ['comment', 'body', 'CaseComment', 'CommentBody'],
    ['contact', 'phone', 'Contact', 'Phone'],
  ];
  it.each(TEXTS)(
    'projects any %s %s so that the org takes and keeps it as it is',
    (kind, field, object, column) => {
      const spec = fieldOf(objects.get(object.toLowerCase())!, column)!;
      const long = fc.string({ unit: 'binary', minLength: 0, maxLength: 300 }).map((text) => text.repeat(20));
      fc.assert(
        fc.property(fc.oneof(long, fc.string({ unit: 'grapheme', maxLength: 5_000 })), (text) => {
          const raw = mapping.project(record(kind, { [field]: text }), CONTEXT)?.[field] ?? null;

          expect(coerce(spec, raw, false)).toBe(raw);
          expect(mapping.canonicalForm(kind, field, raw)).toBe(raw);
          expect(mapping.canonicalForm(kind, field, text)).toBe(raw);
        }),
        { numRuns: 200 },
      );
    },
  );

  it('gives text back as it stands, and an empty comment as empty text', () => {
    expect(mapping.interpret('ticket', { subject: 'a', description: null }, CONTEXT)).toEqual({
      subject: 'a',
      description: null,
    });
    expect(mapping.interpret('comment', { body: null }, CONTEXT)).toEqual({ body: '' });
    expect(mapping.interpret('comment', {}, CONTEXT)).toEqual({});
  });

  it('writes of a ticket only what it says something about', () => {
    expect(mapping.project(record('ticket', {}), CONTEXT)).toEqual({});
    expect(mapping.project(record('ticket', { subject: null, description: '' }), CONTEXT)).toEqual({
      subject: null,
      description: null,
    });
  });
});

describe('Salesforce mapping: contacts', () => {
  it.each([
    ['Ada Lovelace', 'Ada', 'Lovelace'],
    ['Ada  King\nLovelace', 'Ada King', 'Lovelace'],
    ['Plato', null, 'Plato'],
    [`${'x'.repeat(50)} Y`, 'x'.repeat(40), 'Y'],
    ['z'.repeat(90), null, 'z'.repeat(80)],
  ])('splits %j for the two fields of a name', (name, FirstName, LastName) => {
    expect(splitName(name)).toEqual({ FirstName, LastName });
  });

  it('finds a name for everybody, for the org insists on one', () => {
    const name = (fields: Fields) => mapping.project(record('contact', fields), CONTEXT)?.name;

    expect(name({ name: ' Ada  Lovelace ' })).toBe('Ada Lovelace');
    expect(name({ name: null, email: 'ada@example.com' })).toBe('ada@example.com');
    expect(name({})).toBe('Unknown');
  });

  it('leaves out an address the org would refuse the contact for', () => {
    const email = (text: string | null) =>
      mapping.project(record('contact', { email: text }), CONTEXT)?.email;

    expect(email(' Ada@Example.com ')).toBe('ada@example.com');
    for (const odd of ['ada', 'a@b', 'a b@example.com', `${'a'.repeat(80)}@example.com`, null])
      expect(email(odd)).toBeNull();
  });

  it('never writes over a contact that was there before', () => {
    expect(
      mapping.project(record('contact', { name: 'A', email: 'a@example.com' }, { copy: 'theirs' }), CONTEXT),
    ).toEqual({});
  });

  it('reads addresses in one letter case', () => {
    expect(
      mapping.interpret('contact', { name: 'A', email: ' A@Example.com', phone: null }, CONTEXT),
    ).toEqual({
      name: 'A',
      email: 'a@example.com',
      phone: null,
    });
    expect(mapping.canonicalForm('contact', 'email', '')).toBeNull();
    expect(mapping.canonicalForm('contact', 'name', '  ')).toBeNull();
    expect(mapping.canonicalForm('contact', 'name', 'Ada   Lovelace')).toBe('Ada Lovelace');
  });

  it('splits any name so that the two fields give back its canonical form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        const form = mapping.canonicalForm('contact', 'name', name);
        fc.pre(typeof form === 'string');
        const { FirstName, LastName } = splitName(String(form));

        expect([FirstName, LastName].filter((part) => part !== null).join(' ')).toBe(form);
        expect((FirstName ?? '').length).toBeLessThanOrEqual(40);
        expect(LastName.length).toBeLessThanOrEqual(80);
      }),
    );
  });
});

describe('Salesforce mapping: comments', () => {
  it('writes the comment’s own body', () => {
    const comment = { visibility: 'internal', body: ' hello ', author: { role: 'agent' } } as const;

    expect(mapping.project(record('comment', { body: 'x' }, { comment }), CONTEXT)).toEqual({
      body: 'hello',
    });
    expect(mapping.project(record('comment', { body: 'x' }), CONTEXT)).toEqual({ body: 'x' });
    expect(mapping.project(record('comment', {}), CONTEXT)).toEqual({ body: null });
  });

  it('names the author in a first line where the connection wants it, and takes it off again', () => {
    const context = withSettings({ showAuthor: true });
    const author = { role: 'customer', name: 'Ada\nLovelace' } as const;
    const comment = { visibility: 'public', body: 'It is dark', author } as const;
    const project = (more: Partial<Projectable>) =>
      mapping.project(record('comment', {}, { comment, ...more }), context)?.body;
    const nameless = { ...comment, author: { role: 'agent' } } as const;

    expect(project({})).toBe('— Ada Lovelace (customer)\nIt is dark');
    expect(project({ comment: nameless })).toBe('— (agent)\nIt is dark');
    expect(project({ copy: 'theirs' })).toBe('It is dark');
    for (const raw of [project({}), project({ comment: nameless })]) {
      expect(mapping.interpret('comment', { body: raw ?? null }, context)).toEqual({ body: 'It is dark' });
    }
    expect(mapping.interpret('comment', { body: '— x (agent)\ny' }, CONTEXT)).toEqual({
      body: '— x (agent)\ny',
    });
  });

  it('takes off of any body no more than the line it put there', () => {
    const context = withSettings({ showAuthor: true });
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('— A (agent)\nb', '(agent)', '— '),
    );
    fc.assert(
      fc.property(texts, fc.string({ unit: 'grapheme' }), (body, name) => {
        const comment = { visibility: 'public', body, author: { role: 'agent', name } } as const;
        const raw = mapping.project(record('comment', {}, { comment }), context) ?? {};

        expect(mapping.interpret('comment', raw, context).body).toBe(fitted('body', `.${body}`)?.slice(1));
      }),
    );
  });

  it('leaves alone what is no text', () => {
    expect(mapping.canonicalForm('comment', 'body', null)).toBeNull();
    expect(mapping.canonicalForm('ticket', 'status', true)).toBe(true);
  });
});
