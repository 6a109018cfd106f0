import { describe, expect, it } from 'vitest';
import type { DeletionPolicies, Observation } from '../../../shared/ports/index.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { deskPlace, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';

describe('observe: field by field against what was got last', () => {
  it('takes an equal state for no news', () => {
    const scene = ticketScene({});

    const end = observeCopy(scene, seenTicket({}));

    expect(end).toBe('echo');
    expect(scene.tree.changes).toEqual([]);
    expect(scene.link.gotVersion).toEqual({ source: 'desk', value: 6 });
  });

  it('takes our own write, coming back as an event, for no news', () => {
    const scene = ticketScene({ link: { wrote: { fields: { priority: 'low' }, base: { atMs: 1 } } } });

    expect(observeCopy(scene, seenTicket({ authorship: 'hub' }))).toBe('echo');
  });

  it('applies a person’s edit, and has nothing to write back', () => {
    const scene = ticketScene({});

    const end = observeCopy(scene, seenTicket({ fields: { subject: 'printer', priority: 'high' } }));

    expect(end).toBe('applied');
    expect(scene.record.fields.priority).toBe('high');
    expect(scene.link.sent.priority).toBe('high');
    expect(scene.tree.changes[0]?.fields).toEqual({ priority: { from: 'low', to: 'high' } });
  });

  it('does not compare with the record: a changed mapping makes no edits', () => {
    const scene = ticketScene({ fields: { priority: 'decoded anew' }, link: { got: { priority: 'P1' } } });

    expect(observeCopy(scene, seenTicket({ fields: { priority: 'P1' } }))).toBe('echo');
    expect(scene.record.fields.priority).toBe('decoded anew');
  });

  it.each([
    ['partial', { isComplete: false, fields: { priority: 'high' } }],
    ['of another source', { version: { source: 'feed', value: 9 }, fields: { priority: 'high' } }],
    ['at a version already seen', { version: { source: 'desk', value: 5 }, fields: { priority: 'high' } }],
    ['without values', { needsRead: true as const, fields: {} }],
  ])('asks for a read where the state is %s', (_what, observation) => {
    const scene = ticketScene({});

    expect(observeCopy(scene, seenTicket(observation))).toBe('merged');
    expect(scene.link.needsRead).toBe(true);
    expect(scene.record.fields.priority).toBe('low');
  });

  it('counts every asking, so that a read begun before it is no answer', () => {
    const scene = ticketScene({});

    observeCopy(scene, seenTicket({ needsRead: true, fields: {} }));
    const first = scene.link.asks;
    observeCopy(scene, seenTicket({ needsRead: true, fields: {} }));

    expect(scene.link.asks).not.toBe(first);
  });

  it('leaves what a request under way may have caused to its settlement', () => {
    const pending = pendingUpdate({ priority: 'high' });
    const scene = ticketScene({ lane: { pending } });

    const end = observeCopy(scene, seenTicket({ fields: { subject: 'printer', priority: 'urgent' } }));

    expect(end).toBe('merged');
    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link.heard).toHaveLength(1);
  });

  it('lets our own event settle a doubtful request', () => {
    const pending = pendingUpdate({ priority: 'high' }, { isDoubtful: true });
    const scene = ticketScene({ fields: { priority: 'high' }, link: { sent: {} }, lane: { pending } });

    observeCopy(scene, seenTicket({ authorship: 'hub', fields: { subject: 'printer', priority: 'high' } }));

    expect(scene.lane.pending).toBeUndefined();
    expect(scene.link.sent.priority).toBe('high');
    expect(scene.link.got.priority).toBe('high');
  });
});

describe('observe: a conflict', () => {
  const unsent = { sent: { subject: 'printer', priority: 'low' } };
  const at = (ms: number) => ({ source: 'hub', actor: 'user:1', fromMs: ms, toMs: ms }) as const;

  it('keeps the later edit and journals the other', () => {
    const scene = ticketScene({
      fields: { priority: 'urgent' },
      provenance: { priority: at(70_000) },
      link: unsent,
    });

    observeCopy(scene, seenTicket({ fieldTimesMs: { priority: 60_000 }, fields: { priority: 'high' } }));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'urgent', policy: 'newest' }]);
  });

  it('empties what was sent when the edit loses, so that the copy is written again', () => {
    const scene = ticketScene({
      fields: { priority: 'urgent' },
      provenance: { priority: at(70_000) },
      link: unsent,
    });

    observeCopy(scene, seenTicket({ fieldTimesMs: { priority: 60_000 }, fields: { priority: 'high' } }));

    expect(scene.link.sent).not.toHaveProperty('priority');
    expect(scene.link.got.priority).toBe('high');
  });

  it('takes a record-level time for no more than an upper bound: an overlap keeps the edit, journalled', () => {
    const scene = ticketScene({
      fields: { priority: 'urgent' },
      provenance: { priority: at(55_000) },
      link: unsent,
    });

    observeCopy(scene, seenTicket({ atMs: 80_000, fields: { priority: 'high' } }));

    expect(scene.record.fields.priority).toBe('high');
    expect(scene.tree.losses).toMatchObject([{ lost: 'urgent', kept: 'high', lostBy: 'user:1' }]);
  });

  it('merges an edit that a blind write of ours has overwritten before it was read', () => {
    const base = { atMs: 50_000, version: { source: 'desk', value: 5 } };
    const written = { priority: [{ value: 'high', was: 'low', base }] };
    const scene = ticketScene({
      place: deskPlace({ hasConditionalWrites: false }),
      fields: { priority: 'high' },
      provenance: { priority: at(50_000) },
      link: { written, got: { priority: 'high' }, gotVersion: { source: 'desk', value: 7 } },
    });

    observeCopy(
      scene,
      seenTicket({
        version: { source: 'desk', value: 6 },
        isComplete: false,
        fields: { priority: 'medium' },
      }),
    );

    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'medium' }]);
    expect(scene.link.sent).not.toHaveProperty('priority');
  });

  it('looks at an old state although it equals what we hold: what we wrote over was put back after it', () => {
    const moment = (value: number, atMs: number) => ({ atMs, version: { source: 'desk', value } });
    const write = { stood: moment(4, 40_000), base: moment(7, 65_000), seen: moment(8, 70_000) };
    const scene = ticketScene({
      fields: { priority: 'high' },
      provenance: { priority: at(50_000) },
      link: {
        written: { priority: [{ value: 'high', was: 'low', ...write }] },
        got: { priority: 'high' },
        gotVersion: { source: 'desk', value: 8 },
        gotAtMs: 70_000,
      },
    });
    const past = { version: { source: 'desk', value: 6 }, isComplete: false, fields: { priority: 'high' } };

    expect(observeCopy(scene, seenTicket(past))).toBe('applied');

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'low' }]);
  });
});

describe('observe: a late event of a vendor whose states have no versions', () => {
  const late = ({ version: _none, ...rest }: Observation): Observation => ({ ...rest, atMs: 30_000 });
  /** Changed to `high` and back to `low`; the hub saw the last of it at 50 s, and wrote `high` over it. */
  const wroteOver = {
    fields: { priority: 'high' },
    provenance: { priority: { source: 'hub', actor: 'user:1', fromMs: 45_000, toMs: 45_000 } as const },
    link: {
      met: { atMs: 1_000 },
      written: { priority: [{ value: 'high', was: 'low', base: { atMs: 40_000 }, seen: { atMs: 50_000 } }] },
      since: { priority: { atMs: 50_000 } },
    } as Partial<Link>,
  };

  it('is placed by its time: what we wrote over was put back after it, and is kept', () => {
    const scene = ticketScene(wroteOver);

    observeCopy(scene, late(seenTicket({ isComplete: false, fields: { priority: 'high' } })));

    expect(scene.tree.losses).toMatchObject([{ field: 'priority', lost: 'low', kept: 'high' }]);
  });

  it('is no look at the copy: our write has not been seen by it', () => {
    const unseen = { value: 'high', was: 'low', base: { atMs: 60_000 } };
    const scene = ticketScene({
      ...wroteOver,
      link: { ...wroteOver.link, gotAtMs: 60_000, written: { priority: [unseen] } },
    });

    const fields = { subject: 'printer', priority: 'high' };
    observeCopy(scene, late(seenTicket({ authorship: 'unknown', fields })));

    expect(scene.link.written?.priority?.[0]).not.toHaveProperty('seen');
  });
});

describe('observe: deletion', () => {
  it('needs positive evidence, and then takes the record with its own copy', () => {
    const scene = ticketScene({ link: { origin: 'theirs' } });

    expect(observeCopy(scene, seenTicket({ life: 'deleted' }))).toBe('applied');
    expect(scene.record.deleted).toBeDefined();
  });

  const under = (deletions: DeletionPolicies) => {
    const place = deskPlace();
    const mapping = { version: 0, kinds: {}, deletions };
    return { ...place, connection: { ...place.connection, mapping } };
  };

  it('takes the copy alone where the connection ignores deletions', () => {
    const scene = ticketScene({ place: under({ ticket: 'ignore' }), link: { origin: 'theirs' } });

    observeCopy(scene, seenTicket({ life: 'deleted' }));

    expect(scene.link.dead).toBeDefined();
    expect(scene.record.deleted).toBeUndefined();
    expect(scene.tree.changes).toEqual([]);
  });

  it('closes the ticket where the connection says so, and reopens it with the copy', () => {
    const scene = ticketScene({
      place: under({ ticket: 'close' }),
      link: { origin: 'theirs' },
      fields: { status: 'pending' },
    });

    observeCopy(scene, seenTicket({ life: 'deleted' }));
    expect(scene.record).toMatchObject({ fields: { status: 'closed' } });
    expect(scene.record.deleted).toBeUndefined();

    observeCopy(
      scene,
      seenTicket({ life: 'undeleted', version: { source: 'desk', value: 9 }, atMs: 90_000 }),
    );
    expect(scene.record).toMatchObject({ fields: { status: 'pending' } });
  });

  it('leaves closed what somebody closed elsewhere since', () => {
    const scene = ticketScene({
      place: under({ ticket: 'close' }),
      link: { origin: 'theirs' },
      fields: { status: 'pending' },
    });
    observeCopy(scene, seenTicket({ life: 'deleted' }));
    scene.record.provenance.status = { source: 'hub', actor: 'ann', fromMs: 80_000, toMs: 80_000 };

    observeCopy(
      scene,
      seenTicket({ life: 'undeleted', version: { source: 'desk', value: 9 }, atMs: 90_000 }),
    );

    expect(scene.record).toMatchObject({ fields: { status: 'closed' } });
  });

  it('never revives by a late event', () => {
    const dead = { atMs: 70_000, version: { source: 'desk', value: 9 } };
    const scene = ticketScene({ link: { dead } });

    expect(observeCopy(scene, seenTicket({ fields: { priority: 'high' } }))).toBe('applied');
    expect(scene.link.dead).toEqual(dead);
    expect(scene.link.needsRead).toBeUndefined();
  });

  it('revives the same record by an undelete event', () => {
    const dead = { atMs: 55_000, version: { source: 'desk', value: 5 } };
    const scene = ticketScene({ link: { dead, origin: 'theirs' } });
    scene.record.deleted = { atMs: 55_000, source: scene.place.connection.id };

    expect(observeCopy(scene, seenTicket({ life: 'undeleted' }))).toBe('applied');
    expect(scene.record.deleted).toBeUndefined();
    expect(scene.link.needsRead).toBe(true);
  });

  it('ignores a deletion that is older than a life seen since', () => {
    const scene = ticketScene({ link: { revived: { atMs: 65_000, version: { source: 'desk', value: 8 } } } });

    observeCopy(scene, seenTicket({ life: 'deleted', version: { source: 'desk', value: 7 } }));

    expect(scene.link.dead).toBeUndefined();
  });
});
