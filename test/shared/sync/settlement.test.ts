import { describe, expect, it } from 'vitest';
import type { Version } from '../../../shared/ports/index.ts';
import { fateOf } from '../../../shared/sync/fate.ts';
import { judge, seenOf } from '../../../shared/sync/merge.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { unparkChanged } from '../../../shared/sync/parking.ts';
import { sceneAt } from '../../../shared/sync/scene.ts';
import { settleByRead, settleWritten, takeRead } from '../../../shared/sync/settlement.ts';
import type { Pending } from '../../../shared/sync/state.ts';
import { deskPlace, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';

const external = seenTicket({}).externalId;

describe('settlement: a write’s answer', () => {
  it('settles sent and got under the pending’s id', () => {
    const pending = pendingUpdate({ priority: 'high' });
    const scene = ticketScene({ fields: { priority: 'high' }, link: { sent: {} }, lane: { pending } });

    settleWritten(scene, pending, { externalId: external });

    expect(scene.link).toMatchObject({ sent: { priority: 'high' }, got: { priority: 'high' } });
    expect(scene.lane.pending).toBeUndefined();
  });

  it('does nothing for a pending that others have settled', () => {
    const pending = pendingUpdate({ priority: 'high' });
    const scene = ticketScene({ lane: { pending: pendingUpdate({}, { id: 'another' }) } });

    settleWritten(scene, pending, { externalId: external });

    expect(scene.lane.pending?.id).toBe('another');
    expect(scene.link.got.priority).toBe('low');
  });

  it('takes a normalised value as got, and does not spread it', () => {
    const pending = pendingUpdate({ subject: 'printer ' });
    const scene = ticketScene({ fields: { subject: 'printer ' }, link: { got: {} }, lane: { pending } });
    const observation = seenTicket({ authorship: 'hub', fields: { subject: 'printer', priority: 'low' } });

    settleWritten(scene, pending, { externalId: external, observation });

    expect(scene.record.fields.subject).toBe('printer ');
    expect(scene.link.sent.subject).toBe('printer ');
    expect(scene.link.got.subject).toBe('printer');
  });

  it('takes a field our write did not carry for a person’s, though the object’s author is now us', () => {
    const pending = pendingUpdate({ subject: 'scanner' });
    const scene = ticketScene({ fields: { subject: 'scanner' }, lane: { pending } });
    const observation = seenTicket({ authorship: 'hub', fields: { subject: 'scanner', priority: 'high' } });

    settleWritten(scene, pending, { externalId: external, observation });

    expect(scene.record.fields.priority).toBe('high');
  });

  it('takes a value put back before the answer came for an edit', () => {
    const pending = pendingUpdate({ priority: 'high' });
    const scene = ticketScene({ fields: { priority: 'high' }, link: { sent: {} }, lane: { pending } });
    const observation = seenTicket({ fields: { subject: 'printer', priority: 'low' } });

    settleWritten(scene, pending, { externalId: external, observation });

    expect(scene.record.fields.priority).toBe('low');
  });
});

describe('settlement: a request of unknown fate, settled by reading', () => {
  const pending = pendingUpdate({ priority: 'high' }, { isDoubtful: true });
  const doubtful = () =>
    ticketScene({
      fields: { priority: 'high' },
      link: { sent: { priority: 'low' }, got: { subject: 'printer', priority: 'low' } },
      lane: { pending },
    });

  it.each([
    ['applied', { authorship: 'hub' as const, fields: { subject: 'printer', priority: 'high' } }],
    [
      'not-applied',
      { version: { source: 'desk', value: 5 }, fields: { subject: 'printer', priority: 'low' } },
    ],
    ['conflict', { fields: { subject: 'printer', priority: 'low' } }],
    ['not-applied', { fields: { subject: 'printer', priority: 'urgent' } }],
  ])('is %s by what stands there', (fate, observation) => {
    expect(fateOf(doubtful(), pending, seenOf(seenTicket(observation)))).toBe(fate);
  });

  it('has come as one: what differs beside a value that came with it was changed since', () => {
    const both = pendingUpdate({ subject: 'scanner', priority: 'high' }, { isDoubtful: true });
    const scene = ticketScene({
      fields: { subject: 'scanner', priority: 'urgent' },
      link: { sent: { subject: 'printer', priority: 'low' }, got: { subject: 'printer', priority: 'low' } },
      lane: { pending: both },
    });
    const observation = seenTicket({ fields: { subject: 'plotter', priority: 'high' } });

    settleByRead(scene, both, { state: 'present', observation });

    expect(scene.record.fields).toMatchObject({ subject: 'plotter', priority: 'urgent' });
    expect(scene.link.sent).toMatchObject({ priority: 'high' });
  });

  it('journals the base value where nobody can tell whether a person restored it', () => {
    const scene = doubtful();
    const observation = seenTicket({ fields: { subject: 'printer', priority: 'low' } });

    settleByRead(scene, pending, { state: 'present', observation });

    expect(scene.tree.losses).toMatchObject([
      { field: 'priority', lost: 'low', kept: 'high', policy: 'doubt' },
    ]);
    expect(scene.lane.pending).toBeUndefined();
  });

  it('is not settled by an older state', () => {
    const scene = doubtful();
    const observation = seenTicket({ version: { source: 'desk', value: 4 } });

    expect(settleByRead(scene, pending, { state: 'present', observation })).toBe('stale');
    expect(scene.lane.pending).toBeDefined();
  });

  it('knows a late landing for what it is: got takes it, and the copy is written again', () => {
    const scene = ticketScene({
      fields: { priority: 'urgent' },
      link: { superseded: [{ priority: 'high' }] },
    });
    scene.link.sent.priority = 'urgent';
    const observation = seenTicket({ authorship: 'hub', fields: { priority: 'high' } });

    expect(judge(scene, 'priority', seenOf(observation))).toBe('late');

    takeRead(scene, { state: 'present', observation });
    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.link.sent).not.toHaveProperty('priority');
  });
});

describe('settlement: a deletion of ours', () => {
  function deleted(answer: { version?: Version } = {}) {
    const { change: update, ...rest } = pendingUpdate({});
    const change = { ...update, externalId: external, operation: 'delete' } as const;
    const pending: Pending = { ...rest, change };
    const scene = ticketScene({ lane: { pending } });
    scene.record.deleted = { atMs: 55_000, source: 'hub' };
    settleWritten(scene, pending, { externalId: external, ...answer });
    return scene;
  }

  it('stands among the vendor’s own states: a life after it is later, though its clock be behind ours', () => {
    const scene = deleted();

    expect(observeCopy(scene, seenTicket({ version: { source: 'desk', value: 7 }, atMs: 60_000 }))).toBe(
      'merged',
    );
    expect(scene.link.needsRead).toBe(true);
  });

  it('is older than no state that was seen before it, whatever time that is told under', () => {
    const scene = deleted();

    expect(observeCopy(scene, seenTicket({ version: { source: 'desk', value: 5 }, atMs: 500_000 }))).toBe(
      'echo',
    );
  });

  it('takes its place from its answer, where that tells one', () => {
    const scene = deleted({ version: { source: 'desk', value: 7 } });

    expect(observeCopy(scene, seenTicket({ version: { source: 'desk', value: 6 } }))).toBe('echo');
    expect(scene.link.dead).toMatchObject({ version: { source: 'desk', value: 7 } });
  });
});

describe('settlement: a read', () => {
  it('concludes nothing from absence', () => {
    const scene = ticketScene({ link: { needsRead: true } });

    expect(takeRead(scene, { state: 'absent' })).toBe('absent');
    expect(scene.link.dead).toBeUndefined();
    expect(scene.record.deleted).toBeUndefined();
  });

  it('is stale when it is older than the state in which our write was seen, though its answer told no version', () => {
    const at = (value: number) => ({ atMs: value * 10_000, version: { source: 'desk', value } });
    const wrote = { fields: { priority: 'high' }, base: at(4), seen: at(7) };
    const scene = ticketScene({ fields: { priority: 'high' }, link: { wrote, gotAtMs: 70_000 } });
    delete scene.link.gotVersion;

    expect(takeRead(scene, { state: 'present', observation: seenTicket({}) })).toBe('stale');

    expect(scene.record.fields.priority).toBe('high');
  });

  it('knows a request given up out of sight for ours, in the vendor’s form too, once its copy is seen again', () => {
    const place = deskPlace({ hasAuthorship: false });
    const unjudged = pendingUpdate(
      { subject: 'scanner ' },
      { base: { subject: 'printer', priority: 'low' } },
    );
    const link = { sent: { subject: 'printer', priority: 'low' }, unjudged };
    const scene = ticketScene({ place, fields: { subject: 'scanner ' }, link });
    scene.link.got = { subject: 'printer', priority: 'low' };
    const fields = { subject: 'scanner', priority: 'low' };

    takeRead(scene, { state: 'present', observation: seenTicket({ authorship: 'unknown', fields }) });

    expect(scene.tree.changes).toEqual([]);
    expect(scene.link).toMatchObject({ sent: { subject: 'scanner ' }, got: { subject: 'scanner' } });
  });

  it('is stale when it is older than what was announced', () => {
    const scene = ticketScene({ link: { needsRead: true, announced: { source: 'desk', value: 9 } } });

    expect(takeRead(scene, { state: 'present', observation: seenTicket({}) })).toBe('stale');
    expect(scene.link.needsRead).toBe(true);
  });

  it('is stale at the version our last write was decided on, though an event of another source told of that write', () => {
    const base = { atMs: 50_000, version: { source: 'desk', value: 5 } };
    const told = { atMs: 70_000, version: { source: 'stream', value: 70_000 } };
    const wrote = { fields: { priority: 'high' }, base, seen: told };
    const scene = ticketScene({ fields: { priority: 'high' }, link: { wrote, gotAtMs: 70_000 } });
    delete scene.link.gotVersion;
    const observation = seenTicket({ atMs: base.atMs, version: base.version });

    expect(takeRead(scene, { state: 'present', observation })).toBe('stale');
    expect(scene.record.fields.priority).toBe('high');
  });

  it('is disbelieved for its time alone only a few times', () => {
    const { version: _version, ...unversioned } = seenTicket({ atMs: 60_000 });
    const scene = ticketScene({ link: { needsRead: true, announcedAtMs: 80_000 } });
    const answers = [1, 2, 3, 4].map(() => takeRead(scene, { state: 'present', observation: unversioned }));

    expect(answers).toEqual(['stale', 'stale', 'stale', 'taken']);
  });

  it('parks a field that keeps coming back changed from our own write', () => {
    const scene = ticketScene({ place: deskPlace({ hasAuthorship: false }) });
    for (let round = 1; round <= 6; round += 1) {
      scene.link.unshown = { subject: 'written' };
      const fields = { subject: `changed ${round}`, priority: 'low' };
      const version = { source: 'desk', value: 5 + round };
      takeRead(scene, {
        state: 'present',
        observation: seenTicket({ authorship: 'unknown', version, fields }),
      });
    }

    expect(scene.link.parked).toMatchObject({ cause: 'unsettled', fault: 'vendor' });
  });

  it.each([
    { who: 'a vendor that keeps changing our writes', isRewritten: true, isParked: true },
    { who: 'a person', isRewritten: false, isParked: false },
  ])('lets what would not settle elsewhere rest when the news is of $who', ({ isRewritten, isParked }) => {
    const scene = ticketScene({ place: deskPlace({ hasAuthorship: false }) });
    const other = otherPlace();
    const aside = {
      id: 'p1',
      cause: 'unsettled',
      reason: 'x',
      fault: 'vendor',
      atMs: 1,
      attempts: 0,
    } as const;
    const { lanes } = scene.tree.root;
    lanes[other.connection.id] = structuredClone({ ...scene.lane, link: { ...scene.link, parked: aside } });
    if (isRewritten) scene.link.unshown = { subject: 'written' };

    const version = { source: 'desk', value: 6 };
    const observation = seenTicket({ authorship: 'unknown', version, fields: { subject: 'changed' } });
    takeRead(scene, { state: 'present', observation });
    unparkChanged(sceneAt(scene.tree, scene.record, other, scene.around));

    expect(scene.record.fields.subject).toBe('changed');
    expect(lanes[other.connection.id]?.link.parked !== undefined).toBe(isParked);
  });
});

function otherPlace(): ReturnType<typeof deskPlace> {
  const place = deskPlace();
  return { ...place, connection: { ...place.connection, id: 'other' as never } };
}
