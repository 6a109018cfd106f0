import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { childKey, claimKey, type Key, rootKey } from '../../../shared/sync/keys.ts';
import type { Claim, Link } from '../../../shared/sync/state.ts';
import {
  folded,
  foldNotes,
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

const [FIRST, SECOND] = ['note-1', 'note-2'] as [ExternalId, ExternalId];

describe('fold: a copy that a ticket had before', () => {
  it.each([
    ['is known for that where the younger’s takes its place', undefined, [FIRST, SECOND]],
    ['is known for that where the older’s stays, whichever of them had it', 'case-1', [FIRST, SECOND]],
  ])('%s', async (_how, own, former) => {
    const { after } = await folded(
      lane(link(own, { former: [FIRST] })),
      lane(link(OBJECT, { former: [SECOND] })),
    );

    expect(after.link).toMatchObject({ externalId: own ?? OBJECT, former });
  });

  it('is known for when it died, whichever of them had it', async () => {
    const [first, second] = [{ atMs: 1 }, { atMs: 2 }];
    const { after } = await folded(
      lane(link('case-1', { former: [FIRST], ends: { [FIRST]: first } })),
      lane(link(OBJECT, { former: [SECOND], ends: { [SECOND]: second } })),
    );

    expect(after.link.ends).toEqual({ [FIRST]: first, [SECOND]: second });
  });

  it('is none where neither had another', async () => {
    const { after } = await folded(lane(link('case-1')), lane(link(OBJECT)));

    expect(after.link).not.toHaveProperty('former');
    expect(after.link).not.toHaveProperty('ends');
  });
});

describe('fold: who shares a copy', () => {
  const [ONE, OTHER] = ['ticket-1', 'ticket-2'] as [RecordId, RecordId];

  it('shares what goes on, whichever of the two it was', async () => {
    const { after } = await folded(
      lane(link('case-1', { sharers: [ONE] })),
      lane(link(OBJECT, { sharers: [OTHER, ONE] })),
    );

    expect(after.link).toMatchObject({ externalId: 'case-1', sharers: [ONE, OTHER] });
  });

  it('is nobody where neither was shared', async () => {
    const { after } = await folded(lane(link('case-1')), lane(link(OBJECT)));

    expect(after.link).not.toHaveProperty('sharers');
  });
});

describe('fold: a copy that a comment had before', () => {
  type Links = Record<string, Link>;
  /** The younger was made known by its copy at the right one, and a copy of either at the left one was taken away. */
  async function told(older: Links, younger: Links, whose: RecordId) {
    const hub = hubOf(settled);
    const { noteAt } = shelfOf(() => hub.deps.store);
    const claimed = (of: RecordId, record: RecordId): Claim => ({ root: of, record });
    const lanes = (id: string) => ({ [LEFT]: lane(link(`left-${id}`)), [RIGHT]: lane(link(`right-${id}`)) });
    const items: [Key, object][] = [
      [rootKey(ACME, OLD), root(OLD, lanes('1'), { childCount: 1 })],
      [rootKey(ACME, YOUNG), root(YOUNG, lanes('2'), { childCount: 1 })],
      [claimKey(ACME, LEFT, 'ticket', 'left-1' as ExternalId), claimed(OLD, OLD)],
      [claimKey(ACME, LEFT, 'ticket', 'left-2' as ExternalId), claimed(YOUNG, YOUNG)],
      [childKey(ACME, OLD, OLD_NOTE), note(OLD_NOTE, OLD, older)],
      [childKey(ACME, YOUNG, YOUNG_NOTE), note(YOUNG_NOTE, YOUNG, { ...younger, [RIGHT]: link(OBJECT) })],
      [claimKey(ACME, RIGHT, 'comment', OBJECT), claimed(YOUNG, YOUNG_NOTE)],
      [claimKey(ACME, LEFT, 'comment', FIRST), claimed(whose === OLD_NOTE ? OLD : YOUNG, whose)],
    ];
    await hub.deps.store.commit(items.map(([key, data]) => ({ put: { ...key, data }, expect: 0 })));

    await foldNotes(hub.deps);
    const of = whose === OLD_NOTE ? 'left-1' : 'left-2';
    const late = { kind: 'comment', externalId: FIRST, rootExternalId: of as ExternalId } as const;
    await hub.hear({ ...late, fields: { body: 'It burns' }, authorship: 'hub' }, LEFT);

    const { links } = (await noteAt(OLD, OLD_NOTE))!;
    const signpost = await noteAt(YOUNG, YOUNG_NOTE);
    return { links, signpost, parked: await parkedOf(hub) };
  }

  it.each([
    ['the older', { [LEFT]: link(undefined, { former: [FIRST] }) }, { [LEFT]: link(SECOND) }, OLD_NOTE],
    ['the younger', { [LEFT]: link(SECOND) }, { [LEFT]: link(undefined, { former: [FIRST] }) }, YOUNG_NOTE],
  ])('is told of late and is no second copy, had %s had it', async (_whom, older, younger, whose) => {
    const { links, signpost, parked } = await told(older, younger, whose);

    expect(parked).toEqual([]);
    expect(links[LEFT]).toMatchObject({ externalId: SECOND, former: [FIRST] });
    expect(signpost?.links).toEqual({});
  });

  it('is not its copy again where it has none now', async () => {
    const { links, signpost } = await told({}, { [LEFT]: link(undefined, { former: [FIRST] }) }, YOUNG_NOTE);

    expect(links[LEFT]).not.toHaveProperty('externalId');
    expect(signpost?.links).toEqual({});
  });
});
