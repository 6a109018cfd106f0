import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { RemoteChange } from '../../../shared/ports/index.ts';
import { verdictOf } from '../../../shared/sync/hindsight.ts';
import { settleWritten } from '../../../shared/sync/settlement.ts';
import type { Heard, Link, Pending } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { deskPlace, knowing, NOW_MS, pendingUpdate, seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const externalId = 'case-1' as ExternalId;
const settled = { outcome: 'settled', externalId } as const;
const high = pendingUpdate({ priority: 'high' });
const creation = (fields: Record<string, string>, more: Partial<Pending> = {}): Pending => {
  const change = { kind: 'ticket', operation: 'create', record: 'ticket-1' as RecordId, fields } as const;
  return pendingUpdate({}, { change, ...more });
};

/** A ticket whose priority is on its way to its copy. */
const onItsWay = (link: Partial<Link> = {}, pending = high, place = deskPlace()) =>
  ticketScene({ place, fields: { priority: 'high' }, link, lane: { pending, attempts: 3 } });

describe('a write carried out', () => {
  it('leaves nothing under way, no attempts counted, and its deed to be told', () => {
    const scene = onItsWay();

    expect(settleWritten(scene, high, settled)).toEqual({ applied: 0, noted: 0 });

    expect(scene.lane).toMatchObject({ attempts: 0 });
    expect(scene.lane).not.toHaveProperty('pending');
    expect(scene.link.settledAtMs).toBe(NOW_MS);
    expect(scene.tree.deeds).toMatchObject([{ id: 'pending-1.done', outcome: 'done', operation: 'update' }]);
  });

  it('that made the copy leaves nothing before it: what is heard of then came after', () => {
    const made = (pending: Pending) => {
      const scene = onItsWay({ got: {}, sent: {} }, pending);
      settleWritten(scene, pending, settled);
      return verdictOf(scene, 'priority', {
        fields: { priority: 'urgent' },
        atMs: 52_000,
        authorship: 'unknown',
      });
    };

    expect(made(creation({ priority: 'high' }))).toBe('since');
    expect(made(pendingUpdate({ priority: 'high' }))).toBe('overwritten');
  });

  it('takes what was heard meanwhile at its word where nothing of its kind can be read any more', () => {
    const heard: Heard = { fields: { priority: 'urgent' }, atMs: 60_000, authorship: 'other', isExact: true };
    const scene = onItsWay({ heard: [heard], met: { atMs: 10_000 } }, high, knowing(deskPlace(), {}));

    settleWritten(scene, high, settled);

    expect(scene.link).not.toHaveProperty('heard');
    expect(scene.record.fields.priority).toBe('urgent');
  });

  it('is told of once, whoever else learns of it', () => {
    const scene = onItsWay();
    settleWritten(scene, high, settled);

    expect(settleWritten(scene, high, settled)).toEqual({ applied: 0, noted: 0 });

    expect(scene.tree.deeds).toHaveLength(1);
  });

  it('is remembered with what it was decided on and the version it made', () => {
    const scene = onItsWay();

    settleWritten(scene, high, { ...settled, version: version(6) });

    expect(scene.link.wrote).toEqual({
      fields: { priority: 'high' },
      base: { atMs: 50_000, version: version(5) },
      version: version(6),
    });
    expect(scene.link.gotVersion).toEqual(version(6));
  });

  it('takes its version from what was read back with it, where its answer names none', () => {
    const scene = onItsWay();
    const observation = seenTicket({ authorship: 'hub', fields: { subject: 'printer', priority: 'high' } });

    settleWritten(scene, high, { ...settled, observation });

    expect(scene.link.wrote?.version).toEqual(version(6));
  });

  it('leaves no version known where its answer names none', () => {
    const { baseVersion: _base, ...unversioned } = high;
    const scene = onItsWay({}, unversioned);

    settleWritten(scene, unversioned, settled);

    expect(scene.link).not.toHaveProperty('gotVersion');
    expect(scene.link.wrote).toStrictEqual({ fields: { priority: 'high' }, base: { atMs: 50_000 } });
  });

  it('says nothing of when the copy was linked', () => {
    const scene = onItsWay({ linkedAtMs: 20_000 });

    settleWritten(scene, high, settled);

    expect(scene.link).toMatchObject({ linkedAtMs: 20_000, externalId });
    expect(scene.link).not.toHaveProperty('creations');
  });
});

describe('our last writes of a field', () => {
  it('are kept with what stood there, and since when', () => {
    const scene = onItsWay({ since: { priority: { atMs: 30_000 } }, met: { atMs: 10_000 } });

    settleWritten(scene, high, settled);

    expect(scene.link.written).toStrictEqual({
      priority: [
        { value: 'high', base: { atMs: 50_000, version: version(5) }, was: 'low', stood: { atMs: 30_000 } },
      ],
    });
  });

  it('say whether they were made on the condition that nothing had changed', () => {
    const [free, bound] = [onItsWay(), onItsWay()];
    settleWritten(free, high, settled);
    settleWritten(bound, { ...high, change: { ...high.change, ifVersion: version(5) } as never }, settled);

    expect(free.link.written?.priority?.[0]).not.toHaveProperty('isConditional');
    expect(bound.link.written?.priority?.[0]).toMatchObject({ isConditional: true });
  });

  it('stand on the first look where nothing came since, and on nothing where there was none', () => {
    const [met, unmet] = [onItsWay({ met: { atMs: 10_000 } }), onItsWay()];
    for (const scene of [met, unmet]) settleWritten(scene, high, settled);

    expect(met.link.written?.priority?.[0]?.stood).toEqual({ atMs: 10_000 });
    expect(unmet.link.written?.priority?.[0]).not.toHaveProperty('stood');
  });

  it.each([
    ['was seen, also where only an event of its own told of that', { seen: { atMs: 45_000 } }, 45_000],
    ['was decided on, where nobody has seen it', {}, 40_000],
  ])('that another of ours stood there before since it %s', (_rule, landed, atMs) => {
    const before = { value: 'low', was: 'urgent', base: { atMs: 40_000 }, ...landed };
    const scene = onItsWay({ written: { priority: [before] }, met: { atMs: 10_000 } });
    const urgent: Heard = { fields: { priority: 'urgent' }, atMs: 40_000, authorship: 'unknown' };

    settleWritten(scene, high, settled);

    expect(scene.link.written?.priority?.at(-1)?.stood).toEqual({ atMs });
    expect(verdictOf(scene, 'priority', urgent)).toBe('known');
  });

  it('replaced an edit, where one came after the write of ours before it', () => {
    const before = { value: 'normal', base: { atMs: 20_000 }, seen: { atMs: 25_000 } };
    const scene = onItsWay({ written: { priority: [before] }, since: { priority: { atMs: 30_000 } } });

    settleWritten(scene, high, settled);

    expect(scene.link.written?.priority?.at(-1)?.stood).toEqual({ atMs: 30_000 });
  });

  it('replaced nothing that is known where no read had shown the field', () => {
    const blind = pendingUpdate({ priority: 'high' }, { base: {} });
    const scene = onItsWay({}, blind);

    settleWritten(scene, blind, settled);

    expect(scene.link.written?.priority?.[0]).not.toHaveProperty('was');
  });

  it('are three at most, the latest last, each field’s for itself', () => {
    const base = { atMs: 1 };
    const older = [1, 2, 3].map((value) => ({ value, base }));
    const scene = onItsWay({ written: { priority: older, subject: older } });

    settleWritten(scene, high, settled);

    expect(scene.link.written?.priority?.map(({ value }) => value)).toEqual([2, 3, 'high']);
    expect(scene.link.written?.subject).toEqual(older);
  });
});

describe('a creation carried out', () => {
  it('links the copy, now, and needs what was staged for it no more', () => {
    const pending = creation({ subject: 'printer' });
    const scene = ticketScene({ lane: { pending, staged: 'upload-1' as ExternalId } });
    delete scene.link.externalId;

    settleWritten(scene, pending, { ...settled, externalId: 'case-7' as ExternalId });

    expect(scene.link).toMatchObject({ externalId: 'case-7', linkedAtMs: NOW_MS });
    expect(scene.lane).not.toHaveProperty('staged');
    expect(scene.link).not.toHaveProperty('creations');
  });

  it('leaves its values behind where it was sent twice, should the other land as well', () => {
    const pending = creation({ subject: 'printer' }, { isSentAgain: true });
    const scene = ticketScene({ lane: { pending } });

    settleWritten(scene, pending, settled);

    expect(scene.link.creations).toEqual([{ subject: 'printer' }]);
  });

  it('of a comment brings its visibility, which is got like a field and never sent as one', () => {
    const change: RemoteChange = {
      kind: 'comment',
      operation: 'create',
      record: 'comment-1' as RecordId,
      rootExternalId: externalId,
      fields: { body: 'it burns' },
      comment: { visibility: 'internal', body: 'it burns', author: { role: 'agent' } },
    };
    const pending = pendingUpdate({}, { change });
    const scene = commentScene({ lane: { pending }, link: { sent: {}, got: {} } });

    settleWritten(scene, pending, settled);

    expect(scene.link.got).toEqual({ body: 'it burns', visibility: 'internal' });
    expect(scene.link.sent).toEqual({ body: 'it burns' });
  });
});

describe('an update of a comment', () => {
  it('says nothing of its visibility', () => {
    const record = 'comment-1' as RecordId;
    const change = {
      kind: 'comment',
      operation: 'update',
      record,
      externalId,
      fields: { body: 'out' },
      comment: { visibility: 'public', body: 'out', author: { role: 'agent' } },
    } as const;
    const pending = pendingUpdate({}, { record, change });
    const scene = commentScene({ lane: { pending } });

    settleWritten(scene, pending, settled);

    expect(scene.link.wrote?.fields).toEqual({ body: 'out' });
    expect(scene.link.got).toEqual({ body: 'out', visibility: 'public' });
  });
});

describe('a write’s answer that shows the copy', () => {
  const shown = (priority: string, more: Parameters<typeof seenTicket>[0] = {}) => ({
    ...settled,
    observation: seenTicket({ fields: { subject: 'printer', priority }, ...more }),
  });

  it('shows an edit that was quicker', () => {
    const scene = onItsWay({ sent: {} });

    expect(settleWritten(scene, high, shown('urgent'))).toEqual({ applied: 1, noted: 0 });

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.link.gotVersion).toEqual(version(6));
  });

  it('is looked at again where it is older than what we hold', () => {
    const scene = onItsWay();

    expect(settleWritten(scene, high, shown('low', { version: version(4) }))).toEqual({
      applied: 0,
      noted: 0,
    });

    expect(scene.link).toMatchObject({ needsRead: true, got: { priority: 'high' }, gotVersion: version(5) });
    expect(scene.record.fields.priority).toBe('high');
  });
});
