import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../../shared/domain/index.ts';
import type { HubEvent } from '../../../../shared/ports/index.ts';
import { conflictsOf, historyEntries, type Telling } from '../../../../shared/sync/read/journal.ts';
import type { AnyRecord, History, Loss, RecordChange } from '../../../../shared/sync/state.ts';
import { commentScene } from '../comment-scene.ts';
import { ticketScene } from '../scenes.ts';

const desk = 'desk' as ConnectionId;
const ticket = ticketScene({}).record;
const comment = commentScene({}).record;
const records = new Map<string, AnyRecord>([
  [ticket.id, ticket],
  [comment.id, comment],
]);

const told = (data: Partial<History>, telling: Partial<Telling> = {}): ReturnType<typeof historyEntries> =>
  historyEntries(itemOf(data), { ...nothingRefused, ...telling });
const nothingRefused: Telling = { records, within: '', refusalOf: () => undefined, namesOf: () => ({}) };
const itemOf = (data: Partial<History>) => ({
  pk: 'acme#root#ticket-1',
  sk: 'history#000000007',
  version: 1,
  data: { atMs: 9, losses: [], events: [], ...data },
});
const change = (more: Partial<RecordChange> = {}): RecordChange => ({
  record: ticket.id,
  kind: 'ticket',
  what: 'updated',
  fields: { priority: { from: 'low', to: 'high' } },
  source: desk,
  actor: 'vendor:desk',
  ...more,
});
const loss = (more: Partial<Loss> = {}): Loss => ({
  record: ticket.id,
  field: 'subject',
  lost: 'fire',
  lostBy: 'user:ada',
  lostAtMs: 3,
  kept: 'printer',
  keptBy: 'vendor:desk',
  policy: 'newest',
  why: 'set later',
  ...more,
});
const event = (type: string, data: HubEvent['data']): HubEvent =>
  ({ id: 'e1', type, atMs: 8, data }) as unknown as HubEvent;

describe('the timeline of a revision', () => {
  it('tells what was changed, by whom and from what', () => {
    expect(told({ revision: 7, changes: [change()] })).toEqual([
      {
        id: 'change.7.0',
        atMs: 9,
        type: 'change',
        kind: 'ticket',
        record: ticket.id,
        what: 'updated',
        revision: 7,
        source: desk,
        actor: 'vendor:desk',
        fields: { priority: 'high' },
        was: { priority: 'low' },
      },
    ]);
  });

  it('tells of a new ticket what it began with, and nothing that was there before', () => {
    const [begun] = told({ revision: 1, changes: [change({ what: 'created' })] });

    expect(begun).toMatchObject({ what: 'created', fields: { priority: 'high' } });
    expect(begun).toHaveProperty('was', {});
  });

  it('tells of a comment what happened after it was said, and of nothing but the conversation', () => {
    const said = { record: comment.id, kind: 'comment' } as const;
    const changes = [
      change({ ...said, what: 'created' }),
      change({ ...said, what: 'deleted', fields: {} }),
      change({ kind: 'contact' }),
      change({ what: 'restored' }),
    ];

    expect(told({ revision: 7, changes })).toMatchObject([
      { id: 'change.7.1', kind: 'comment', what: 'deleted' },
      { id: 'change.7.3', kind: 'ticket', what: 'restored' },
    ]);
  });

  it('tells what lost, to whom and why, under the address it is restored by', () => {
    expect(told({ losses: [loss(), loss({ field: 'priority' })] })).toMatchObject([
      {
        id: 'conflict.history.000000007.0',
        atMs: 9,
        type: 'conflict',
        record: ticket.id,
        kind: 'ticket',
        field: 'subject',
        lost: 'fire',
        source: 'user:ada',
        lostAtMs: 3,
        kept: 'printer',
        keptBy: 'vendor:desk',
        policy: 'newest',
        reason: 'set later',
        isRestorable: true,
      },
      { id: 'conflict.history.000000007.1', field: 'priority' },
    ]);
    expect(told({ losses: [loss()] }, { within: 'contact-1.' })).toMatchObject([
      { id: 'conflict.contact-1.history.000000007.0' },
    ]);
  });

  it('says why it does not offer to restore a value, where it does not', () => {
    const refusalOf: Telling['refusalOf'] = ({ kind }, { field }) => `no ${field} of a ${kind}`;
    const only = new Map([[comment.id as string, comment]]);
    const losses = [loss({ record: comment.id, field: 'body' }), loss()];

    expect(told({ losses }, { records: only, refusalOf })).toMatchObject([
      { isRestorable: false, refusal: 'no body of a comment' },
      { isRestorable: false, refusal: 'its record is not here' },
    ]);
    expect(told({ losses: [loss()] })[0]).not.toHaveProperty('refusal');
  });

  it('names what its values refer to, where they do', () => {
    const namesOf: Telling['namesOf'] = ({ kind }, { lost }) =>
      kind === 'ticket' ? { [String(lost)]: 'Maya' } : {};
    const losses = [loss({ field: 'requester', lost: 'm1' }), loss({ record: comment.id, field: 'body' })];

    const [asked, said] = told({ losses }, { namesOf });

    expect(asked).toMatchObject({ names: { m1: 'Maya' } });
    expect(said).not.toHaveProperty('names');
    expect(told({ losses }, { namesOf, records: new Map() })[0]).not.toHaveProperty('names');
  });

  it('tells of one record what lost there and may come back, and nothing else', () => {
    const losses = [loss({ record: comment.id, field: 'body' }), loss()];
    const items = [itemOf({ losses, changes: [change()] })];

    expect(conflictsOf(ticket, items, { ...nothingRefused, within: 'x.' })).toMatchObject([
      { id: 'conflict.x.history.000000007.1', record: ticket.id, field: 'subject', isRestorable: true },
    ]);
  });

  it('says of what record a value was, though that is no more', () => {
    const kindOf = (record: string, known = records) =>
      told({ losses: [loss({ record: record as RecordId })] }, { records: known }).map(
        (entry) => 'kind' in entry && entry.kind,
      );

    expect(kindOf(comment.id)).toEqual(['comment']);
    expect(kindOf('ticket-2', new Map())).toEqual(['ticket']);
    expect(kindOf('ticket-2.comment-3', new Map())).toEqual(['comment']);
  });

  it.each([
    ['asked', 'both sides changed it, and a person decides which value stands'],
    ['rejected', 'the vendor refused it'],
    ['unauthorized', 'the connection is no longer authorized'],
    ['unavailable', 'the vendor is not there'],
    ['doubtful', 'nobody can tell what became of it'],
    ['unsettled', 'the vendor keeps changing it'],
    ['unseen', 'its copy is not to be found: gone, or out of the hub’s sight'],
    ['unreadable', 'it could not be read'],
    ['dead-letter', 'the hub could not finish it'],
  ])('says of work set aside as %s that %s', (cause, reason) => {
    expect(told({ events: [event('work.parked', { parked: 'p1', cause })] })).toMatchObject([{ reason }]);
  });

  it('tells what was set aside, whose fault it is, and that it went on', () => {
    const aside = { parked: 'p1', cause: 'rejected', fault: 'organization', connection: desk };
    const events = [
      event('work.parked', { ...aside, code: 'RULE', record: ticket.id }),
      event('ticket.updated', {}),
      event('work.resumed', { parked: 'p1' }),
    ];
    const entry = { atMs: 8, parked: 'p1', fault: 'organization', connection: 'desk' };

    expect(told({ events })).toEqual([
      {
        ...entry,
        id: 'parked.p1',
        type: 'parked',
        reason: 'the vendor refused it',
        code: 'RULE',
        record: ticket.id,
      },
      { id: 'resumed.p1', atMs: 8, type: 'resumed', parked: 'p1' },
    ]);
  });
});
