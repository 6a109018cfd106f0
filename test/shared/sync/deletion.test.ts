import { describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId } from '../../../shared/domain/index.ts';
import type { DeletionPolicies, Observation } from '../../../shared/ports/index.ts';
import { observeCopy } from '../../../shared/sync/observe.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { takeRead } from '../../../shared/sync/settlement.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { commentScene, elsewhere, seenComment } from './comment-scene.ts';
import { deskPlace, NOW_MS, seenTicket, ticketScene } from './scenes.ts';

const version = (value: number) => ({ source: 'desk', value });
const timed = (atMs: number, more: Partial<Observation> = {}): Observation => {
  const { version: _version, ...unversioned } = seenTicket({ atMs, ...more });
  return unversioned;
};
const deletion = (more: Partial<Observation> = {}) => seenTicket({ life: 'deleted', fields: {}, ...more });
const timedDeletion = (atMs: number) => timed(atMs, { life: 'deleted', fields: {} });
const undeletion = (more: Partial<Observation> = {}) =>
  seenTicket({ life: 'undeleted', version: version(9), atMs: 90_000, ...more });

const theirs = (more: Parameters<typeof ticketScene>[0] = {}) =>
  ticketScene({ ...more, link: { origin: 'theirs', ...more.link } });

function under(deletions: DeletionPolicies) {
  const place = deskPlace();
  return {
    ...place,
    connection: { ...place.connection, mapping: { version: 0, kinds: {}, deletions } },
  };
}
const statusOf = ({ record }: Scene) => (record as Root).fields.status;
const by = (source: string, atMs: number) => ({
  source: source as ConnectionId,
  actor: `vendor:${source}`,
  fromMs: atMs,
  toMs: atMs,
});

describe('deletion: an event the vendor vouches for', () => {
  it('takes copy and record, and says so once, with who and when', () => {
    const scene = theirs();

    expect(observeCopy(scene, deletion())).toBe('applied');

    expect(scene.link.dead).toEqual({ atMs: 60_000, version: version(6) });
    expect(scene.record.deleted).toEqual({ atMs: 60_000, source: 'desk' });
    expect(scene.tree.changes).toEqual([
      {
        record: 'ticket-1',
        kind: 'ticket',
        what: 'deleted',
        fields: {},
        source: 'desk',
        actor: 'vendor:desk',
      },
    ]);
  });

  it('is no news the second time, and answers no question', () => {
    const scene = theirs();
    observeCopy(scene, deletion());
    scene.link.needsRead = true;
    const [dead, changes] = [scene.link.dead, scene.tree.changes.length];

    expect(observeCopy(scene, deletion({ version: version(8), atMs: 80_000 }))).toBe('echo');

    expect(scene.link).toMatchObject({ dead, needsRead: true });
    expect(scene.tree.changes).toHaveLength(changes);
  });

  it('answers every question about the copy', () => {
    const heard = [{ fields: { priority: 'high' }, atMs: 55_000, authorship: 'other' as const }];
    const scene = theirs({ link: { needsRead: true, doomed: { atMs: 40_000 }, heard } });

    observeCopy(scene, deletion());

    for (const question of ['needsRead', 'doomed', 'heard']) expect(scene.link).not.toHaveProperty(question);
  });

  it('is never later than now, whatever the vendor’s clock says', () => {
    const scene = theirs();

    observeCopy(scene, timedDeletion(NOW_MS + 60_000));

    expect(scene.record.deleted).toMatchObject({ atMs: NOW_MS });
  });

  it('leaves a record that was deleted elsewhere as it was deleted there', () => {
    const scene = theirs();
    scene.record.deleted = { atMs: 20_000, source: 'hub' };

    observeCopy(scene, deletion());

    expect(scene.link.dead).toBeDefined();
    expect(scene.record.deleted).toEqual({ atMs: 20_000, source: 'hub' });
    expect(scene.tree.changes).toEqual([]);
  });
});

describe('deletion: told of late, or under a time that cannot be placed', () => {
  it.each([
    ['of a version before the one we hold', deletion({ version: version(4), atMs: 70_000 })],
    ['of a time before what we hold, where no version tells', timedDeletion(49_999)],
  ])('is looked at first: %s', (_which, told) => {
    const scene = theirs();

    expect(observeCopy(scene, told)).toBe('merged');

    expect(scene.link.needsRead).toBe(true);
    expect(scene.link.dead).toBeUndefined();
    expect(scene.record.deleted).toBeUndefined();
  });

  it.each([
    ['of the moment of what we hold', timedDeletion(50_000)],
    ['of a later version, though its time be earlier', deletion({ atMs: 40_000 })],
  ])('is believed at once: %s', (_which, told) => {
    const scene = theirs();

    expect(observeCopy(scene, told)).toBe('applied');
  });

  it('is looked at first where the copy is known to have come back since', () => {
    const scene = theirs({ link: { revived: { atMs: 80_000 } } });

    expect(observeCopy(scene, timedDeletion(70_000))).toBe('merged');
    expect(observeCopy(scene, timedDeletion(80_000))).toBe('applied');
  });

  it('is believed once the look finds nothing: not before the last of its life that was seen', () => {
    const scene = theirs();
    observeCopy(scene, deletion({ version: version(4), atMs: 45_000 }));

    expect(takeRead(scene, { state: 'absent' })).toBe('taken');

    expect(scene.link.dead).toEqual({ atMs: 50_000, version: version(5) });
    expect(scene.record.deleted).toEqual({ atMs: 45_000, source: 'desk' });
    expect(observeCopy(scene, seenTicket({ version: version(5), atMs: 50_000 }))).toBe('echo');
  });

  it('takes the time it was told under where the look finds nothing and no version tells', () => {
    const scene = theirs({ link: { revived: { atMs: 80_000 } } });
    observeCopy(scene, timedDeletion(70_000));

    takeRead(scene, { state: 'absent' });

    expect(scene.link.dead).toEqual({ atMs: 70_000, version: version(5) });
  });

  it('is forgotten where the look finds the copy alive', () => {
    const scene = theirs();
    observeCopy(scene, timedDeletion(40_000));

    takeRead(scene, { state: 'present', observation: seenTicket({}) });

    expect(scene.link).not.toHaveProperty('doomed');
    expect(scene.link).not.toHaveProperty('needsRead');
    expect(scene.record.deleted).toBeUndefined();
  });
});

describe('deletion: at a vendor that merges objects', () => {
  it('is looked at first, for only a read names the survivor', () => {
    const scene = theirs({ place: deskPlace({ canMerge: true }) });

    expect(observeCopy(scene, deletion())).toBe('merged');
    expect(scene.link).toMatchObject({ needsRead: true, doomed: { atMs: 60_000, version: version(6) } });
  });

  it('is believed at once where nothing can be read', () => {
    const scene = theirs({ place: deskPlace({ canMerge: true, canRead: false }) });

    expect(observeCopy(scene, deletion())).toBe('applied');
  });
});

describe('deletion: found by a read', () => {
  it('takes the copy at the time of the look, after all versions seen', () => {
    const scene = theirs({ link: { needsRead: true } });

    expect(takeRead(scene, { state: 'deleted' })).toBe('taken');

    expect(scene.link.dead).toEqual({ atMs: NOW_MS, version: version(5) });
    expect(scene.link).not.toHaveProperty('needsRead');
  });

  it('answers the question that stood after the death was known already', () => {
    const dead = { atMs: 70_000, version: version(7) };
    const scene = theirs({ link: { dead, needsRead: true } });

    takeRead(scene, { state: 'deleted' });

    expect(scene.link.dead).toEqual(dead);
    expect(scene.link).not.toHaveProperty('needsRead');
  });
});

describe('deletion: what dies with a copy', () => {
  it('is the ticket, where all its copies are ours', () => {
    const scene = ticketScene({});
    elsewhere(scene, { externalId: 'made-1' as ExternalId });

    observeCopy(scene, deletion());

    expect(scene.record.deleted).toBeDefined();
  });

  it('is not the ticket, where it came from elsewhere', () => {
    const scene = ticketScene({});
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });

    observeCopy(scene, deletion());

    expect(scene.link.dead).toBeDefined();
    expect(scene.record.deleted).toBeUndefined();
    expect(scene.tree.changes).toEqual([]);
  });

  it('is the ticket with the copy it came from, whatever other copies there are', () => {
    const scene = theirs();
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });

    observeCopy(scene, deletion());

    expect(scene.record.deleted).toBeDefined();
  });

  it('is the ticket, where the place it came from has no copy of it any more', () => {
    const scene = ticketScene({});
    elsewhere(scene, { origin: 'theirs' });

    observeCopy(scene, deletion());

    expect(scene.record.deleted).toBeDefined();
  });

  it('is the comment, wherever it is deleted', () => {
    const scene = commentScene({});
    elsewhere(scene, { origin: 'theirs', externalId: 'thread-1' as ExternalId });

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));

    expect(scene.record.deleted).toEqual({ atMs: 60_000, source: 'desk' });
    expect(scene.tree.root.deleted).toBeUndefined();
  });

  it('is decided for each kind by itself', () => {
    const scene = commentScene({ place: under({ ticket: 'ignore' }) });

    observeCopy(scene, seenComment({ life: 'deleted', fields: {} }));

    expect(scene.record.deleted).toBeDefined();
  });
});

describe('deletion: a ticket closed with its copy', () => {
  const closing = (fields: Record<string, string> = { status: 'pending' }) =>
    theirs({ place: under({ ticket: 'close' }), fields });

  it('is closed at the time of the deletion, by the connection', () => {
    const scene = closing();

    observeCopy(scene, deletion());

    expect(scene.record.provenance.status).toEqual(by('desk', 60_000));
    expect(scene.link.closedFrom).toBe('pending');
  });

  it('stays as somebody closed it before', () => {
    const scene = closing({ status: 'closed' });
    scene.record.provenance.status = by('elsewhere', 30_000);

    observeCopy(scene, deletion());

    expect(scene.record.provenance.status).toEqual(by('elsewhere', 30_000));
  });

  it('is open again when the copy comes back: by the connection, now', () => {
    const scene = closing();
    observeCopy(scene, deletion());

    observeCopy(scene, undeletion());

    expect(statusOf(scene)).toBe('pending');
    expect(scene.record.provenance.status).toEqual(by('desk', NOW_MS));
    expect(scene.link).not.toHaveProperty('closedFrom');
  });

  it('stays closed when the copy comes back, where it was closed at that vendor before', () => {
    const scene = closing({ status: 'closed' });
    scene.record.provenance.status = by('desk', 30_000);
    observeCopy(scene, deletion());

    observeCopy(scene, undeletion());

    expect(statusOf(scene)).toBe('closed');
    expect(scene.record.provenance.status).toEqual(by('desk', 30_000));
  });

  it('keeps what it has become since', () => {
    const scene = closing();
    observeCopy(scene, deletion());
    scene.record.fields.status = 'solved';

    observeCopy(scene, undeletion());

    expect(statusOf(scene)).toBe('solved');
  });
});

describe('deletion: a copy that comes back', () => {
  const dead = { atMs: 55_000, version: version(5) };

  it.each(['desk', 'hub'] as const)('brings back the record that was deleted by %s', (source) => {
    const scene = theirs({ link: { dead } });
    scene.record.deleted = { atMs: 55_000, source: source as ConnectionId };

    observeCopy(scene, undeletion());

    expect(scene.link).not.toHaveProperty('dead');
    expect(scene.link.revived).toEqual({ atMs: 90_000, version: version(9) });
    expect(scene.record.deleted).toBeUndefined();
    expect(scene.tree.changes).toMatchObject([{ what: 'restored', source: 'desk', actor: 'vendor:desk' }]);
  });

  it('does not bring back what was deleted elsewhere', () => {
    const scene = theirs({ link: { dead } });
    scene.record.deleted = { atMs: 55_000, source: 'elsewhere' as ConnectionId };

    observeCopy(scene, undeletion());

    expect(scene.link).not.toHaveProperty('dead');
    expect(scene.record.deleted).toBeDefined();
    expect(scene.tree.changes).toEqual([]);
  });

  it('tells of no return where the record went on without it', () => {
    const scene = theirs({ link: { dead } });

    observeCopy(scene, undeletion());

    expect(scene.tree.changes).toEqual([]);
  });

  it.each([
    ['is looked at where it is told of later than the death', timed(55_001), 'merged'],
    ['is of its earlier life where it is told of as of that moment', timed(55_000), 'echo'],
    ['is of its earlier life up to the version it died with', seenTicket({ version: version(5) }), 'echo'],
    ['is looked at from the next version on', seenTicket({ version: version(6), atMs: 1 }), 'merged'],
  ])('%s', (_rule, told, end) => {
    const scene = theirs({ link: { dead } });

    expect(observeCopy(scene, told)).toBe(end);
    expect(scene.link.needsRead).toBe(end === 'merged' ? true : undefined);
    expect(scene.link.dead).toEqual(dead);
  });

  it('lives by a read that saw it later than its death', () => {
    const scene = theirs({ link: { dead } });
    scene.record.deleted = { atMs: 55_000, source: 'desk' as ConnectionId };

    takeRead(scene, { state: 'present', observation: seenTicket({}) });

    expect(scene.link.revived).toEqual({ atMs: 60_000, version: version(6) });
    expect(scene.record.deleted).toBeUndefined();
  });

  it('stays dead by a read that answers with its earlier life', () => {
    const scene = theirs({ link: { dead, needsRead: true } });

    expect(takeRead(scene, { state: 'present', observation: seenTicket({ version: version(5) }) })).toBe(
      'taken',
    );

    expect(scene.link.dead).toEqual(dead);
    expect(scene.link).not.toHaveProperty('needsRead');
  });
});
