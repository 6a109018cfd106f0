import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { conclude } from '../../../shared/sync/conclude.ts';
import { treeOf } from '../../../shared/sync/scene.ts';
import type { Child, ParkedWork, Root } from '../../../shared/sync/state.ts';
import type { Cause } from '../../../shared/sync/told.ts';
import { commentScene } from './comment-scene.ts';
import { change, decided, loss, root } from './conclusions.ts';
import { ACME } from './hub.ts';
import { parkedAs } from './parked-as.ts';
import { deskPlace, NOW_MS, ticketScene } from './scenes.ts';

const LEFT = 'left' as ConnectionId;

describe('a revision', () => {
  it('is the next one, holding what it changed and lost', () => {
    const news = { changes: [change('updated', LEFT)], losses: [loss] };

    expect(decided(news).history).toMatchObject({ revision: 5, atMs: 9, ...news });
    expect(decided(news).tree.root).toMatchObject({ revision: 5, updatedAtMs: 9 });
  });

  it('is made by each kind of news, and none without any', () => {
    for (const news of [{ losses: [loss] }, { unparked: ['p1'] }, { parked: [{ id: 'p' } as ParkedWork] }])
      expect(decided(news).tree.root).toMatchObject({ revision: 5, updatedAtMs: 1 });

    expect(decided({}).tree.root).toMatchObject({ revision: 4, updatedAtMs: 1 });
  });

  it('is made by work that is set aside as well as by work that goes on', () => {
    const { history } = decided({ parked: [{ id: 'p2' } as ParkedWork], unparked: ['p1'] });

    expect(history?.events.map(({ type }) => type)).toEqual(['work.parked', 'work.resumed']);
  });

  it('dates its ticket also where a comment alone was changed', () => {
    const { tree } = decided({ changes: [{ ...change('updated', LEFT), record: 'r1.c9' as RecordId }] });

    expect(tree.root).toMatchObject({ revision: 5, updatedAtMs: 9 });
  });

  it('leaves on each record it changed what that came from, and takes away what an earlier one left', () => {
    const given: Root = { ...root, correlation: 'c-0' };
    const of = (cause?: Cause, record = root.id) =>
      decided({ changes: [{ ...change('updated', LEFT), record }] }, cause, given).tree.root;

    expect(of({ correlation: 'c-1' })).toMatchObject({ correlation: 'c-1' });
    expect(of()).not.toHaveProperty('correlation');
    expect(of({ correlation: 'c-1' }, 'r1.c9' as RecordId)).toMatchObject({ correlation: 'c-0' });
  });

  it('stands on the comment that changed', () => {
    const scene = commentScene({});
    scene.tree.changes.push({ ...change('updated', LEFT), record: scene.record.id, kind: 'comment' });

    conclude(scene.tree, ACME, scene.around);

    expect(scene.record).toMatchObject({ revision: 2, updatedAtMs: NOW_MS });
  });
});

describe('what metrics, log and audit are told', () => {
  it('is whose it is, and what came of it', () => {
    const scene = ticketScene({});
    scene.tree.losses.push(loss);
    const cause = { connection: scene.place.connection.id, correlation: 'c-1' };

    const { news } = conclude(scene.tree, ACME, { ...scene.around, cause });

    expect(news).toEqual({
      subject: {
        organization: ACME,
        record: 'ticket-1',
        connection: 'desk',
        integration: 'desk',
        correlation: 'c-1',
      },
      revision: 2,
      changes: [],
      losses: [loss],
      parked: [],
      deeds: [],
    });
    expect(decided({}, { connection: LEFT }).news.subject).toStrictEqual({
      organization: ACME,
      record: 'r1',
      connection: LEFT,
    });
    expect(decided({}).news.subject).toEqual({ organization: ACME, record: 'r1' });
  });
});

describe('work set aside, when its record changes', () => {
  it.each([
    ['ticket', () => ticketScene({ link: { parked: parkedAs('rejected') } })],
    ['comment', () => commentScene({ link: { parked: parkedAs('rejected') } })],
  ])('has a new chance: a %s', (_what, given) => {
    const scene = given();
    scene.tree.changes.push({ ...change('updated', LEFT), record: scene.record.id });

    conclude(scene.tree, ACME, scene.around);

    expect(scene.link).not.toHaveProperty('parked');
  });

  it('stays there without news, and gives nobody who has none a copy', () => {
    const scene = ticketScene({ link: { parked: parkedAs('rejected') } });
    const unlinked = treeOf({ ...root, isFannedOut: true });

    conclude(scene.tree, ACME, scene.around);
    conclude(unlinked, ACME, scene.around);

    expect(scene.link.parked).toEqual(parkedAs('rejected'));
    expect(unlinked.root.lanes).toEqual({});
  });

  it('gives no comment a link where it is to have none', () => {
    const place = { ...deskPlace(), manifest: { ...deskPlace().manifest, isCustomerVisible: true } };
    const scene = commentScene({ place, comment: { visibility: 'internal', links: {} } });
    const { record } = scene as { record: Child };
    record.links = {};

    conclude(scene.tree, ACME, scene.around);

    expect(record.links).toEqual({});
  });
});

describe('a status that changes', () => {
  it('is told to the customer where one listens', () => {
    const place = { ...deskPlace(), manifest: { ...deskPlace().manifest, isCustomerVisible: true } };
    const scene = ticketScene({ place, fields: { status: 'solved' } });
    scene.tree.changes.push({
      ...change('updated', LEFT),
      record: scene.record.id,
      fields: { status: { from: 'open', to: 'solved' } },
    });

    const { tree } = conclude(scene.tree, ACME, scene.around);

    expect([...tree.children.values()]).toMatchObject([
      { fields: { body: 'Status changed to solved' }, visibility: 'public', audience: 'channels' },
    ]);
  });
});

describe('what a connection’s own expressions fail on', () => {
  const failing = (failureOf: () => string | undefined) => {
    const place = deskPlace();
    return { ...place, mapping: { ...place.mapping, failureOf } };
  };

  it('is set aside with the reason, and told', () => {
    const scene = ticketScene({ place: failing(() => 'an expression took too long') });

    const { history } = conclude(scene.tree, ACME, scene.around);

    expect(scene.link.parked).toMatchObject({
      cause: 'rejected',
      reason: 'an expression took too long',
      fault: 'organization',
      code: 'unmappable',
    });
    expect(history?.events).toMatchObject([{ type: 'work.parked' }]);
  });

  it('is nothing where none fails, what failed stands aside already, or there is no lane', () => {
    const fine = ticketScene({ place: failing(() => undefined) });
    const place = failing(() => 'too long');
    let tried = 0;
    const counting = failing(() => {
      tried += 1;
      return 'too long';
    });
    const aside = ticketScene({ place: counting, link: { parked: parkedAs('unseen') } });
    const unlinked = treeOf({ ...root, isFannedOut: true });
    conclude(fine.tree, ACME, fine.around);
    conclude(aside.tree, ACME, aside.around);
    conclude(unlinked, ACME, ticketScene({ place }).around);

    expect(tried).toBe(0);
    expect(fine.link).not.toHaveProperty('parked');
    expect(aside.link.parked).toEqual(parkedAs('unseen'));
    expect(aside.tree.parked).toEqual([]);
    expect(unlinked.root.lanes).toEqual({});
  });
});
