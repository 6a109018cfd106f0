import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { EngineDeps } from '../../../shared/ports/index.ts';
import { childKey, claimKey, type Key, parkedKey, rootKey } from '../../../shared/sync/keys.ts';
import type { Lane, Link, Parked } from '../../../shared/sync/state.ts';
import {
  folded,
  foldNotes,
  foldTickets,
  lane,
  link,
  note,
  OBJECT,
  OLD,
  OLD_NOTE,
  root,
  YOUNG,
  YOUNG_NOTE,
} from './fold-scene.ts';
import { ACME, hubOf, LEFT, parkedOf, RIGHT, settled } from './hub.ts';
import { shelfOf } from './shelf.ts';

const aside = (id: string, cause: Parked['cause']): Parked => ({
  id,
  cause,
  reason: 'so it is',
  fault: 'organization',
  atMs: 1,
  attempts: 0,
});
const asked = { subject: { ...aside('asked', 'asked'), value: 'scanner' } };
const refused = aside('refused', 'rejected');
const shut = aside('shut', 'unauthorized');

async function listedAfter(
  items: readonly [Key, object][],
  fold: (deps: EngineDeps) => Promise<void>,
): Promise<string[]> {
  const hub = hubOf(settled);
  const listed = ['asked', 'refused', 'shut'].map((id): [Key, object] => [parkedKey(ACME, id), { id }]);
  const all = [...items, ...listed];
  await hub.deps.store.commit(all.map(([key, data]) => ({ put: { ...key, data }, expect: 0 })));

  await fold(hub.deps);

  const left = await Promise.all(listed.map(([{ pk, sk }]) => hub.deps.store.get(pk, sk)));
  return left.flatMap((item) => (item === undefined ? [] : [(item.data as Parked).id]));
}

describe('fold: what was set aside about a ticket', () => {
  const listed = (older: Record<string, Lane>, younger: Record<string, Lane>) =>
    listedAfter(
      [
        [rootKey(ACME, OLD), root(OLD, older)],
        [rootKey(ACME, YOUNG), root(YOUNG, younger)],
      ],
      foldTickets,
    );
  const own = lane(link('case-1'));

  it('is listed no more where the older’s copy stays', async () => {
    const younger = lane(link(OBJECT, { asked, parked: refused }), { parked: shut });

    expect(await listed({ [RIGHT]: own }, { [RIGHT]: younger })).toEqual([]);
  });

  it('is listed no more where the younger had no copy to bring', async () => {
    const younger = lane(link(undefined, { parked: refused }), { parked: shut });

    expect(await listed({ [RIGHT]: own }, { [RIGHT]: lane(link(OBJECT)), [LEFT]: younger })).toEqual([
      'asked',
    ]);
  });

  it('goes on with the younger’s copy, but for why that was not written', async () => {
    const younger = lane(link(OBJECT, { asked, parked: refused }), { parked: shut });

    expect(await listed({ [LEFT]: own }, { [RIGHT]: younger })).toEqual(['asked', 'shut']);
    expect(await listed({ [RIGHT]: lane(link(undefined)) }, { [RIGHT]: younger })).toEqual(['asked']);
  });

  it('ends for the older where the younger’s copy takes the place of one that could not be made', async () => {
    const older = { [RIGHT]: own, [LEFT]: lane(link(undefined, { parked: refused })) };

    expect(await listed(older, { [RIGHT]: lane(link(OBJECT)), [LEFT]: lane(link('left-2')) })).toEqual([
      'asked',
      'shut',
    ]);
  });
});

describe('fold: what was set aside about a comment', () => {
  const listed = (older: Record<string, Link>, younger: Record<string, Link>) => {
    const claimed = (externalId: ExternalId, of: RecordId, record: RecordId): [Key, object] => [
      claimKey(ACME, RIGHT, 'comment', externalId),
      { root: of, record },
    ];
    return listedAfter(
      [
        [rootKey(ACME, OLD), root(OLD, {}, { childCount: 1 })],
        [rootKey(ACME, YOUNG), root(YOUNG, {}, { childCount: 1 })],
        [childKey(ACME, OLD, OLD_NOTE), note(OLD_NOTE, OLD, older)],
        [childKey(ACME, YOUNG, YOUNG_NOTE), note(YOUNG_NOTE, YOUNG, younger)],
        claimed(OBJECT, YOUNG, YOUNG_NOTE),
      ],
      foldNotes,
    );
  };

  it('is listed no more where the older’s copy stays', async () => {
    const younger = { [RIGHT]: link(OBJECT, { asked, parked: refused }) };

    expect(await listed({ [RIGHT]: link('note-1') }, younger)).toEqual(['shut']);
  });

  it('ends for the older where the younger’s copy takes the place of one that could not be made', async () => {
    const older = { [LEFT]: link(undefined, { parked: refused }) };

    expect(await listed(older, { [RIGHT]: link(OBJECT), [LEFT]: link('left-2') })).toEqual(['asked', 'shut']);
  });

  it('stays for the older where the younger has no copy to bring either', async () => {
    const older = { [LEFT]: link(undefined, { parked: refused }) };

    expect(await listed(older, { [RIGHT]: link(OBJECT), [LEFT]: link(undefined) })).toContain('refused');
  });
});

describe('fold: a second copy beside the younger’s', () => {
  const besides = ['object-2' as ExternalId];
  const second = { ...aside('refused', 'doubtful'), code: 'second_copy' };

  it('is asked about still where that goes on: a ticket’s', async () => {
    const { after } = await folded(lane(link(undefined)), lane(link(OBJECT, { besides, parked: second })));

    expect(after.link).toMatchObject({ externalId: OBJECT, besides, parked: { code: 'second_copy' } });
  });

  it.each([
    ['that goes on', {}, OBJECT],
    ['the older’s goes on', { [RIGHT]: link('note-1') }, 'note-1'],
  ])('is asked about still where %s: a comment’s', async (_, older, externalId) => {
    const hub = hubOf(settled);
    const { noteAt } = shelfOf(() => hub.deps.store);
    const younger = { [RIGHT]: link(OBJECT, { besides, parked: second }) };
    const lanes = { [RIGHT]: lane(link('case-1')) };
    const items: [Key, object][] = [
      [rootKey(ACME, OLD), root(OLD, lanes, { childCount: 1 })],
      [rootKey(ACME, YOUNG), root(YOUNG, {}, { childCount: 1 })],
      [childKey(ACME, OLD, OLD_NOTE), note(OLD_NOTE, OLD, older)],
      [childKey(ACME, YOUNG, YOUNG_NOTE), note(YOUNG_NOTE, YOUNG, younger)],
      [claimKey(ACME, RIGHT, 'comment', OBJECT), { root: YOUNG, record: YOUNG_NOTE }],
      [parkedKey(ACME, second.id), second],
    ];
    await hub.deps.store.commit(items.map(([key, data]) => ({ put: { ...key, data }, expect: 0 })));

    await foldNotes(hub.deps);

    const { links } = (await noteAt(OLD, OLD_NOTE))!;
    expect(links[RIGHT]).toMatchObject({ externalId, besides, parked: { code: 'second_copy' } });
    expect(await parkedOf(hub)).toMatchObject([{ root: OLD, record: OLD_NOTE, code: 'second_copy' }]);
  });

  it('is asked about beside the older’s where that goes on', async () => {
    const { after } = await folded(lane(link('case-1')), lane(link(OBJECT, { besides, parked: second })));

    expect(after.link).toMatchObject({ externalId: 'case-1', besides, parked: { code: 'second_copy' } });
  });

  it('is asked about once where both had such', async () => {
    const both = { besides: ['object-3', 'object-2'] as ExternalId[], parked: { ...second, id: 'older' } };
    const { after } = await folded(
      lane(link('case-1', both)),
      lane(link(OBJECT, { besides, parked: second })),
    );

    expect(after.link).toMatchObject({ besides: ['object-3', 'object-2'], parked: { id: 'older' } });
  });

  it('is nobody’s question where it is the older’s own', async () => {
    const { after } = await folded(lane(link('object-2')), lane(link(OBJECT, { besides, parked: second })));

    expect(after.link).not.toHaveProperty('parked');
    expect(after.link).not.toHaveProperty('besides');
  });
});
