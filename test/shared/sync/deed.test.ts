import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import { lagOf, noteDeed } from '../../../shared/sync/deed.ts';
import type { Pending, Provenance, Root } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { deskPlace, NOW_MS, pendingUpdate, ticketScene } from './scenes.ts';

const slack = 'slack' as ConnectionId;
const at = (toMs: number): Provenance => ({ source: slack, actor: 'vendor:slack', fromMs: 0, toMs });
const contact = (provenance: Root['provenance']): Root => ({
  id: 'c1' as RecordId,
  kind: 'contact',
  fields: { name: 'Maya' },
  provenance,
  revision: 1,
  createdAtMs: 900,
  updatedAtMs: 900,
  lanes: {},
  childCount: 0,
});
const creation = {
  operation: 'create',
  kind: 'contact',
  fields: { name: 'Maya' },
} as unknown as Pending['change'];

describe('the lag of a write', () => {
  it('runs from the latest change it brings, in the source’s own time', () => {
    expect(lagOf(contact({ name: at(700) }), creation, 1_000)).toBe(300);
  });

  it('runs from the hub’s own knowledge where the source does not say when', () => {
    expect(lagOf(contact({ name: at(0) }), creation, 1_000)).toBe(100);
    expect(lagOf(contact({}), creation, 1_000)).toBe(100);
  });

  it('is never less than nothing, however far ahead the source’s clock is', () => {
    expect(lagOf(contact({ name: at(2_000) }), creation, 1_000)).toBe(0);
  });

  it('runs from the latest of several changes, and from none that the request does not bring', () => {
    const both = { ...creation, fields: { name: 'Maya', phone: '1', email: 'm@x' } } as typeof creation;
    const record = contact({ phone: at(600), name: at(800), email: at(700), other: at(950) });

    expect(lagOf(record, both, 1_000)).toBe(200);
  });

  it('of a removal runs from the deletion, where there was one', () => {
    const removal = { ...creation, operation: 'delete', fields: {} } as unknown as typeof creation;

    expect(lagOf({ ...contact({}), deleted: { atMs: 400, source: slack } }, removal, 1_000)).toBe(600);
    expect(lagOf(contact({}), removal, 1_000)).toBe(100);
    expect(lagOf({ ...contact({}), deleted: { atMs: 400, source: slack } }, creation, 1_000)).toBe(100);
  });

  it('of a note made or withdrawn runs from when it was made public, of an edit it does not', () => {
    const { record } = commentScene({});
    record.provenance = { body: at(300), visibility: at(800) };
    const lag = (operation: string) =>
      lagOf(record, { ...creation, operation, fields: { body: 'x' } } as never, 1_000);

    expect(['create', 'delete', 'update'].map(lag)).toEqual([200, 200, 700]);
  });
});

describe('what was there before anybody could have told of it', () => {
  const CREATED_MS = 60_000;
  const MAPPED_MS = 80_000;
  const lagWith = (changedAtMs: number, given: { target?: object; source?: object }) => {
    const place = deskPlace();
    const target = { ...place, connection: { ...place.connection, ...given.target } };
    const source = { ...place, connection: { ...place.connection, id: slack, ...given.source } };
    const scene = ticketScene({ place: target, provenance: { priority: at(changedAtMs) } });
    const places = new Map([target, source].map((each) => [each.connection.id, each]));
    const around = { ...scene.around, places };
    return noteDeed({ ...scene, around }, pendingUpdate({ priority: 'high' }), { outcome: 'done' }).lagMs;
  };

  it.each([
    ['the connection it goes to was made since', { target: { createdAtMs: CREATED_MS } }, CREATED_MS],
    ['the connection it comes from was made since', { source: { createdAtMs: CREATED_MS } }, CREATED_MS],
    ['the one it goes to has been mapped anew', { target: { mappedAtMs: MAPPED_MS } }, MAPPED_MS],
    ['the one it comes from has been mapped anew', { source: { mappedAtMs: MAPPED_MS } }, MAPPED_MS],
  ])('has no lag where %s; what is changed from then on has', (_what, given, sinceMs) => {
    expect(lagWith(sinceMs - 1, given)).toBeUndefined();
    expect(lagWith(sinceMs, given)).toBe(NOW_MS - sinceMs);
  });

  it('counts a change of the hub’s own, and one that came from a connection that is gone', () => {
    const scene = ticketScene({ provenance: { priority: { ...at(70_000), source: 'hub' } } });

    expect(noteDeed(scene, pendingUpdate({ priority: 'high' }), { outcome: 'done' }).lagMs).toBe(30_000);
  });
});

describe('what became of a request', () => {
  const noted = (fate: Parameters<typeof noteDeed>[2], more: Partial<Pending> = {}) => {
    const provenance = { priority: { ...at(60_000), actor: 'ada' } };
    const scene = ticketScene({ provenance });
    const deed = noteDeed(scene, pendingUpdate({ priority: 'high' }, more), fate);
    expect(scene.tree.deeds).toEqual([deed]);
    return deed;
  };

  it('is told by the request, whose change it carried, and how long that took', () => {
    expect(noted({ outcome: 'done' })).toStrictEqual({
      outcome: 'done',
      id: 'pending-1.done',
      organization: 'acme',
      connection: 'desk',
      integration: 'desk',
      record: 'ticket-1',
      kind: 'ticket',
      operation: 'update',
      revision: 1,
      author: 'ada',
      startedAtMs: 55_000,
      atMs: NOW_MS,
      lagMs: 40_000,
    });
  });

  it('is by whoever made the latest change, of two at once the first', () => {
    const provenance = {
      subject: { ...at(60_000), actor: 'ada' },
      priority: { ...at(60_000), actor: 'bob' },
    };
    const scene = ticketScene({ provenance });
    const pending = pendingUpdate({ subject: 'fire', priority: 'high' });

    expect(noteDeed(scene, pending, { outcome: 'done' }).author).toBe('ada');
  });

  it('is one thing each, by its outcome and code', () => {
    expect(noted({ outcome: 'refused', code: 'RULE' }, { correlation: 'c-1' })).toMatchObject({
      id: 'pending-1.refused.RULE',
      code: 'RULE',
      correlation: 'c-1',
    });
  });

  it('is the hub’s own where nobody is known to have changed anything', () => {
    const scene = ticketScene({});

    expect(noteDeed(scene, pendingUpdate({ priority: 'high' }), { outcome: 'done' }).author).toBe('hub');
  });
});
