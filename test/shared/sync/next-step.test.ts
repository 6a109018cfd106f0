import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { landingTime, nextStep, pendingFor } from '../../../shared/sync/reconcile.ts';
import { type Scene, treeOf } from '../../../shared/sync/scene.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { fileScene } from './file-scene.ts';
import {
  contactDesk,
  deskPlace,
  documentedBy,
  knowing,
  NOW_MS,
  pendingUpdate,
  ticketScene,
} from './scenes.ts';
import { version } from './seen.ts';

const FRESH_START = {
  fresh: undefined,
  unmatched: undefined,
  named: undefined,
  unlisted: undefined,
  transfer: 'mine',
};
const stepOf = (
  { tree, place, around }: Scene,
  progress: Partial<typeof FRESH_START> | { fresh: RecordId } = {},
) => nextStep(tree, place, around, { ...FRESH_START, ...progress });
const hasNews = (place = deskPlace(), link: Parameters<typeof ticketScene>[0]['link'] = {}) =>
  ticketScene({
    place,
    fields: { priority: 'high' },
    link: { sent: { subject: 'printer', priority: 'low' }, ...link },
  });
const uncopied = (scene: Scene): Scene => {
  delete scene.link.externalId;
  return scene;
};
const behind = (id: string, position = '1') => ({ id: id as RecordId, position });

describe('the next step of a lane', () => {
  it('is none where copy and record agree', () => {
    expect(stepOf(ticketScene({}))).toEqual({ do: 'rest' });
  });

  it('is none where there is no lane, or the way is shut', () => {
    const parked = {
      id: 'p',
      cause: 'unauthorized',
      reason: 'r',
      fault: 'organization',
      atMs: 1,
      attempts: 0,
    } as const;
    const scene = ticketScene({ lane: { parked }, fields: { priority: 'high' }, link: { sent: {} } });
    const elsewhere = { ...scene.place, connection: { ...scene.place.connection, id: 'other' as never } };

    expect(stepOf(scene)).toEqual({ do: 'rest' });
    expect(stepOf({ ...scene, place: elsewhere })).toEqual({ do: 'rest' });
  });

  it('is nobody’s to decide who knows an older mapping than the lane', () => {
    expect(() => stepOf(ticketScene({ link: { mapping: 3 } }))).toThrow(
      expect.objectContaining({
        code: 'conflict',
        message: 'a newer mapping than this one is known has been adopted; look again',
      }),
    );
  });

  it('is to write a comment, which names nobody, whomever its ticket names', () => {
    const referred = { record: 'contact-1' as RecordId, externalId: 'person-1' as ExternalId };
    const scene = commentScene({ lane: { behind: [behind('comment-1')], referred }, link: { sent: {} } });

    expect(stepOf(scene)).toMatchObject({ do: 'write', change: { kind: 'comment', operation: 'update' } });
  });

  it('is to write what the copy lacks, on the condition that it is as it was', () => {
    expect(stepOf(hasNews())).toEqual({
      do: 'write',
      record: expect.objectContaining({ id: 'ticket-1' }),
      change: {
        kind: 'ticket',
        operation: 'update',
        record: 'ticket-1',
        externalId: 'case-1',
        fields: { priority: 'high' },
        ifVersion: version(5),
      },
    });
  });

  it('is to read first where no condition can be set, and to write once that was done', () => {
    const unconditional = () => hasNews(deskPlace({ hasConditionalWrites: false }));
    const written = stepOf(unconditional(), { fresh: 'ticket-1' as RecordId });

    expect(stepOf(unconditional())).toMatchObject({ do: 'read' });
    expect(written).toMatchObject({ do: 'write' });
    expect('change' in written && written.change).not.toHaveProperty('ifVersion');
  });

  it('is to read first where no version is known to set a condition on', () => {
    const scene = hasNews();
    delete scene.link.gotVersion;

    expect(stepOf(scene)).toMatchObject({ do: 'read' });
    const written = stepOf(scene, { fresh: 'ticket-1' as RecordId });
    expect('change' in written && written.change).not.toHaveProperty('ifVersion');
  });

  it('is to write at once, on no condition, what its integration has no word for any more', () => {
    const written = stepOf(hasNews(knowing(deskPlace(), {})));

    expect(written).toMatchObject({ do: 'write', change: { fields: { priority: 'high' } } });
    expect('change' in written && written.change).not.toHaveProperty('ifVersion');
  });

  it('is to write under the mapping that its values are noted by, where that is one of its own', () => {
    const mapped = documentedBy(deskPlace(), { version: 3, kinds: {} });
    const of = (scene: Scene) => {
      const step = stepOf(scene);
      return 'change' in step ? step.change : undefined;
    };

    const update = ticketScene({ place: mapped, link: { mapping: 3, sent: { subject: 'x' } } });
    expect(of(update)).toMatchObject({ mapping: 3 });
    expect(of(uncopied(ticketScene({ place: mapped })))).toMatchObject({ operation: 'create', mapping: 3 });
    expect(of(hasNews())).not.toHaveProperty('mapping');
    const file = fileScene({ link: { mapping: 0, externalId: 'file-1' as ExternalId } });
    expect(of(file)).toMatchObject({ kind: 'attachment', operation: 'update' });
    expect(of(file)).not.toHaveProperty('mapping');
  });

  it('is to look for a contact among the vendor’s own before one is made', () => {
    const scene = uncopied(ticketScene({ place: contactDesk() }));
    const contact = { ...scene.record, kind: 'contact' } as Root;
    const { tree, place, around } = { ...scene, tree: treeOf(contact) };
    const step = (unmatched?: RecordId) => nextStep(tree, place, around, { ...FRESH_START, unmatched });

    expect(step()).toEqual({ do: 'match', record: tree.root });
    expect(step('another' as RecordId)).toMatchObject({ do: 'match' });
    expect(step(contact.id)).toMatchObject({ do: 'write', change: { operation: 'create', kind: 'contact' } });
  });

  it('looks at nobody for the sake of a write that leaves out whom it waits for', () => {
    const scene = ticketScene({
      place: contactDesk(),
      fields: { requester: 'contact-2' },
      link: { sent: { subject: 'scanner', priority: 'low', requester: 'person-1' } },
      lane: {
        referred: { record: 'contact-1' as RecordId, externalId: 'person-1' as ExternalId },
        waitsFor: 'contact-2' as RecordId,
      },
    });

    expect(stepOf(scene)).toMatchObject({ do: 'write', change: { fields: { subject: 'printer' } } });
  });

  it('is to write at once where nothing can be read', () => {
    expect(stepOf(hasNews(deskPlace({ canRead: false, hasConditionalWrites: false })))).toMatchObject({
      do: 'write',
    });
  });

  it('is to make the copy where there is none', () => {
    const scene = uncopied(ticketScene({}));

    expect(stepOf(scene)).toMatchObject({
      do: 'write',
      change: { operation: 'create', kind: 'ticket', record: 'ticket-1', fields: { subject: 'printer' } },
    });
  });

  it('is to delete the copy of what is deleted', () => {
    const scene = ticketScene({});
    scene.record.deleted = { atMs: 1, source: 'hub' };

    expect(stepOf(scene)).toMatchObject({
      do: 'write',
      change: { operation: 'delete', fields: {}, externalId: 'case-1' },
    });
  });
});

describe('the next step beside a request under way', () => {
  const at = (pending: Parameters<typeof pendingUpdate>[1]) => {
    const given = pendingUpdate({ priority: 'high' }, pending);
    return { given, step: stepOf(ticketScene({ lane: { pending: given } })) };
  };

  it('is another worker’s while that may be at work', () => {
    expect(at({ leaseUntilMs: NOW_MS + 1, settleAtMs: NOW_MS + 9 }).step).toEqual({ do: 'leave' });
  });

  it.each([
    ['its worker is gone', { leaseUntilMs: NOW_MS }],
    ['it is in doubt', { leaseUntilMs: NOW_MS + 1, isDoubtful: true as const }],
  ])('waits for its end where %s', (_why, pending) => {
    expect(at({ ...pending, settleAtMs: NOW_MS + 9 }).step).toEqual({ do: 'wait', untilMs: NOW_MS + 9 });
  });

  it('is to settle it once nothing of it can land any more', () => {
    const { given, step } = at({ settleAtMs: NOW_MS });

    expect(step).toEqual({ do: 'settle', pending: given });
  });

  it('loads the comment that it is about first', () => {
    expect(at({ settleAtMs: NOW_MS, record: 'comment-9' as RecordId }).step).toEqual({
      do: 'load',
      child: 'comment-9',
    });
  });

  it('leaves a lane to the worker that carries its bytes, and first removes what it left when killed', () => {
    const transfer = (id: string, leaseUntilMs: number) =>
      stepOf(ticketScene({ lane: { transfer: { id, leaseUntilMs } as never } }));

    expect(transfer('theirs', NOW_MS + 1)).toEqual({ do: 'leave' });
    expect(transfer('mine', NOW_MS + 1)).toEqual({ do: 'rest' });
    expect(transfer('theirs', NOW_MS)).toMatchObject({ do: 'abandon', record: { kind: 'ticket' } });
  });
});

describe('a request, before it is sent', () => {
  const change = pendingUpdate({ priority: 'high' }).change;

  it('is noted with the state it was decided on, and until when it may land', () => {
    expect(pendingFor(ticketScene({}), change, NOW_MS + 30_000)).toStrictEqual({
      id: expect.any(String),
      record: 'ticket-1',
      change,
      base: { subject: 'printer', priority: 'low' },
      baseAtMs: 50_000,
      baseVersion: version(5),
      startedAtMs: NOW_MS,
      leaseUntilMs: NOW_MS + 30_000,
      settleAtMs: NOW_MS + 90_000,
      revision: 1,
    });
    const scene = ticketScene({});
    delete scene.link.gotVersion;
    expect(pendingFor(scene, change, 1)).not.toHaveProperty('baseVersion');
  });

  it.each([
    ['as long as its vendor takes', { by: 'unique' }, change, 60_000],
    ['not at all where it can be sent again', { by: 'unique' }, { ...change, operation: 'create' }, 0],
    [
      'as long, and as a search lags',
      { by: 'find', searchLagMs: 5_000 },
      { ...change, operation: 'create' },
      65_000,
    ],
    ['as long where nobody can look for it', { by: 'none' }, { ...change, operation: 'create' }, 60_000],
  ] as const)('may land for %s', (_rule, creation, request, ms) => {
    expect(landingTime(deskPlace({ creation }), request as typeof change)).toBe(ms);
  });

  it('may land as long where its place has no word for it, or no way to make it', () => {
    const { creation: _none, ...uncreatable } = deskPlace().manifest.kinds.ticket!;
    const creation = { ...change, operation: 'create' } as typeof change;

    expect(landingTime(knowing(deskPlace(), {}), creation)).toBe(60_000);
    expect(landingTime(knowing(deskPlace(), { ticket: uncreatable }), creation)).toBe(60_000);
  });

  it('goes by the vendor’s id of its conversation where that is known', () => {
    const scene = commentScene({ lane: { behind: [behind('comment-1')] }, link: { sent: {} } });
    scene.tree.root.lanes.desk!.link.externalId = 'case-9' as ExternalId;

    expect(stepOf(scene)).toMatchObject({ change: { rootExternalId: 'case-9' } });
  });
});
