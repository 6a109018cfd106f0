import { describe, expect, it } from 'vitest';
import { hashOf, placeOf } from '../../../../../functions/platform/console/app/src/route.ts';
import {
  actorName,
  ago,
  clockTime,
  day,
  duration,
  entryText,
  lately,
  plural,
  remaining,
  sentence,
  stepText,
} from '../../../../../functions/platform/console/app/src/words.ts';

const nowMs = Date.UTC(2026, 0, 10);
const base = { id: 'e', at: '2026-01-01T00:00:00.000Z' };
const nameOf = (connection: string) => (connection === 'c1' ? 'Salesforce' : 'Slack');

describe('console words', () => {
  it('tell where a file stands, and whom it is for', () => {
    const attachment = {
      id: 'f',
      visibility: 'internal',
      name: 'photo.png',
      type: 'image/png',
      size: 2_150_000,
      isDeleted: false,
      links: [
        { connection: 'c1', state: 'settled' },
        { connection: 'c2', state: 'parked' },
      ],
    } as const;
    const told = (more: object) =>
      entryText({ ...base, type: 'attachment', attachment: { ...attachment, ...more } }, nameOf);

    expect(told({})).toBe('File “photo.png”, 2.2MB (internal): in Salesforce, set aside for Slack');
    expect(told({ visibility: 'public', links: [] })).toBe('File “photo.png”, 2.2MB');
    expect(told({ isDeleted: true })).toBe('File “photo.png”, 2.2MB was deleted');
  });

  it.each([
    [20_000, '1 min'],
    [25 * 60_000, '25 min'],
    [2 * 3_600_000, '2 h'],
    [73 * 3_600_000, '3 days'],
  ])('calls a period of %i ms %s', (ms, words) => {
    expect(lately(new Date(nowMs - ms).toISOString(), nowMs)).toBe(words);
  });

  it.each([
    [0, 'just now'],
    [-5_000, 'just now'],
    [5_000, '5 s ago'],
    [61_000, '1 min ago'],
    [2 * 3_600_000, '2 h ago'],
    [86_400_000, '1 day ago'],
    [3 * 86_400_000, '3 days ago'],
  ])('calls %i ms %s', (ms, words) => {
    expect(ago(new Date(nowMs - ms).toISOString(), nowMs)).toBe(words);
  });

  it.each([
    [12.4, '12 ms'],
    [1_234, '1.2 s'],
    [12_400, '12 s'],
  ])('measures %d ms as %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });

  it('counts, and says one of one', () => {
    expect([plural(1, 'piece'), plural(1_200, 'piece'), plural(2, 'entry', 'entries')]).toEqual([
      '1 piece',
      '1,200 pieces',
      '2 entries',
    ]);
  });

  it('begins a sentence with a capital', () => {
    expect([sentence('the vendor answers'), sentence('')]).toEqual(['The vendor answers', '']);
  });

  it('gives the time of day and the day', () => {
    expect(clockTime(base.at)).toMatch(/^\d\d:\d\d:\d\d$/);
    expect(day('2026-01-01T12:00:00.000Z')).toMatch(/1 January/);
  });
});

describe('console timeline lines', () => {
  const change = {
    ...base,
    type: 'change',
    kind: 'ticket',
    what: 'updated',
    source: 'c1',
    actor: 'vendor:salesforce',
    was: {},
  } as const;

  it('says who changed what', () => {
    const fields = { status: 'solved', subject: null };

    expect(entryText({ ...change, fields }, nameOf)).toBe(
      'Status is solved, subject is empty, by Salesforce',
    );
    expect(entryText({ ...change, fields, source: 'hub', actor: 'user:ada' }, nameOf)).toMatch(/by ada$/);
  });

  it('says when a ticket was made or deleted, without repeating its text', () => {
    const fields = { description: 'a long text', status: 'new' };

    expect(entryText({ ...change, what: 'created', fields }, nameOf)).toBe(
      'Ticket created by Salesforce: status is new',
    );
    expect(entryText({ ...change, what: 'deleted', fields: {} }, nameOf)).toBe(
      'Ticket deleted by Salesforce',
    );
  });

  it('says that a message was edited or deleted', () => {
    const message = { ...change, kind: 'comment', was: { body: 'x' }, fields: { body: 'y' } } as const;

    expect(entryText(message, nameOf)).toBe('Message edited by Salesforce: “x” became “y”');
    expect(entryText({ ...message, fields: { visibility: 'internal' } }, nameOf)).toBe(
      'Message edited by Salesforce',
    );
    expect(entryText({ ...message, what: 'deleted' }, nameOf)).toBe('Message deleted by Salesforce');
  });

  it('says what was written where', () => {
    const effect = {
      ...base,
      type: 'effect',
      connection: 'c1',
      kind: 'comment',
      operation: 'create',
    } as const;

    expect(entryText(effect, nameOf)).toBe('Message delivered to Salesforce');
  });

  const conflict = {
    ...base,
    type: 'conflict',
    kind: 'ticket',
    field: 'status',
    lost: 'open',
    source: 'user:ada',
    lostAt: base.at,
    kept: null,
    keptBy: 'vendor:salesforce',
    reason: 'newer',
    isRestorable: true,
  } as const;

  it('says which value gave way, and of what', () => {
    expect(entryText(conflict, nameOf)).toBe('Status “open” gave way to nothing');
    expect(entryText({ ...conflict, kind: 'contact', field: 'name', kept: 'Maya' }, nameOf)).toBe(
      'Customer’s name “open” gave way to “Maya”',
    );
    expect(
      entryText({ ...conflict, kind: 'comment', field: 'body', lost: 'word '.repeat(40) }, nameOf),
    ).toMatch(/^Message body “(word )+word…” gave way/);
  });

  it('calls what a value refers to by its name, where it has one', () => {
    const asked = { ...conflict, field: 'requester', lost: 'k1', kept: 'm1', names: { k1: 'Kai Berg' } };

    expect(entryText(asked, nameOf)).toBe('Customer “Kai Berg” gave way to “m1”');
    expect(
      stepText(
        { type: 'set', at: base.at, from: 'm1', to: 'k1', source: 'c1', actor: 'vendor:salesforce' },
        nameOf,
        asked.names,
      ),
    ).toBe('Salesforce set “Kai Berg” in place of “m1”');
  });

  it('says who may see what, and calls an organization’s own field by its name', () => {
    const field = (name: string, kind: 'ticket' | 'comment' | 'attachment' = 'ticket') =>
      entryText({ ...conflict, kind, field: name }, nameOf).split(' “')[0];

    expect(field('visibility', 'comment')).toBe('Message visibility');
    expect(field('custom.severity')).toBe('Severity');
  });

  it.each([
    ['user:ada', 'ada'],
    ['agent:support-bot', 'support-bot'],
    ['vendor:salesforce', 'Salesforce'],
    ['hub', 'Deskbridge'],
  ])('calls %s %s', (actor, name) => {
    expect(actorName(actor)).toBe(name);
  });

  it('says for whom and why work was set aside, and that it went on', () => {
    const parked = {
      ...base,
      type: 'parked',
      parked: 'p',
      reason: 'refused',
      fault: 'vendor',
      connection: 'c1',
    } as const;

    expect(entryText(parked, nameOf)).toBe('Set aside for Salesforce: refused');
    expect(entryText({ ...parked, code: 'LIMIT' }, nameOf)).toBe('Set aside for Salesforce: refused (LIMIT)');
    expect(entryText({ ...base, type: 'resumed', parked: 'p' }, nameOf)).toBe('What was set aside went on');
  });
});

describe('console places', () => {
  it.each([
    ['', { page: 'connections' }],
    ['#/connections', { page: 'connections' }],
    ['#/parked', { page: 'parked' }],
    ['#/conversations', { page: 'conversations' }],
    ['#/conversations/a%2Fb', { page: 'conversation', id: 'a/b' }],
    ['#/elsewhere', { page: 'connections' }],
  ])('reads %j', (hash, place) => {
    expect(placeOf(hash).place).toEqual(place);
  });

  it('writes what it reads', () => {
    expect(placeOf(hashOf({ page: 'conversation', id: 'a/b?c' })).place).toEqual({
      page: 'conversation',
      id: 'a/b?c',
    });
    expect(hashOf({ page: 'parked' })).toBe('#/parked');
  });

  it('carries what the authorization came to', () => {
    expect(placeOf('#/connections?refused=conflict').notice.get('refused')).toBe('conflict');
  });
});

describe('a wait', () => {
  it.each([
    [59, '59 s'],
    [150, '3 min'],
    [3_540, '59 min'],
    [7_260, '2 h 1 min'],
  ])('of %i seconds is %s', (seconds, words) => {
    expect(remaining(seconds)).toBe(words);
  });
});
