import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import { findGone } from '../../../shared/sync/deletion.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { observeOther } from '../../../shared/sync/other-copy.ts';
import { type Scene, sceneAt } from '../../../shared/sync/scene.ts';
import { takeRead } from '../../../shared/sync/settlement.ts';
import type { Link, Written } from '../../../shared/sync/state.ts';
import { commentScene, seenComment } from './comment-scene.ts';
import { deskPlace, knowing, seenTicket, ticketScene } from './scenes.ts';

const [FIRST, BORN_MS] = ['note-0' as ExternalId, 50_000];
const created: Written = { value: 'said', isFirst: true, base: { atMs: 0 } };
const remade = seenSince(BORN_MS);
const unseen: Partial<Link> = { linkedAtMs: BORN_MS, written: { body: [created] } };
const found: Partial<Link> = {
  linkedAtMs: BORN_MS,
  written: { body: [{ value: 'said', base: { atMs: 0 }, seen: { atMs: BORN_MS } }] },
};

/** The first was made, its answer lost, and is told of only after another has been made. */
function toldOfDeath(link: Partial<Link>, atMs: number, scene = commentScene({ link })) {
  const { kind } = scene.record;
  const told = seenTicket({ kind, externalId: FIRST, authorship: 'hub' });
  observeOther(scene, told);
  const end = observeOther(scene, { ...told, atMs, life: 'deleted' });
  return { end, record: scene.record, link: scene.link };
}

describe('a second copy that is told of together with its death', () => {
  it('takes the record with it where it died before the other was made: whoever deleted it meant the record', () => {
    const { end, record, link } = toldOfDeath(remade, BORN_MS - 10_000);

    expect(end).toBe('applied');
    expect(record.deleted).toEqual({ atMs: BORN_MS - 10_000, source: 'desk' });
    expect(link).not.toHaveProperty('besides');
    expect(link).not.toHaveProperty('parked');
  });

  it.each([
    ['died once both were there', remade, BORN_MS],
    ['may have died in the moment that the other was made', remade, BORN_MS - 999],
    ['died when the other is known to have been there', seenSince(BORN_MS - 20_000), BORN_MS - 10_000],
    ['died by a clock that may be far from the one it was made by', unseen, BORN_MS - 10_000],
    ['died beside one that was found, nobody knows of what age', { linkedAtMs: BORN_MS }, BORN_MS - 10_000],
    ['died beside one that was found, and that we have but written', found, BORN_MS - 10_000],
  ])('leaves the record the other where it %s', (_when, link, atMs) => {
    const told = toldOfDeath(link, atMs);

    expect(told.end).toBe('merged');
    expect(told.record.deleted).toBeUndefined();
    expect(told.link).not.toHaveProperty('besides');
  });

  it.each<[string, number, Observation['authorship'], number | undefined]>([
    ['goes with it where that is shown to have been made later', BORN_MS, 'hub', BORN_MS - 10_000],
    ['goes with it, though a person has changed that since', BORN_MS + 10_000, 'other', BORN_MS - 10_000],
    ['stays where that is shown to have been there', BORN_MS - 20_000, 'hub', undefined],
  ])(
    'has the other looked at where nobody has seen it yet, and the record %s',
    (_what, bornMs, authorship, diedMs) => {
      const scene = commentScene({ link: unseen });
      const told = toldOfDeath({}, BORN_MS - 10_000, scene);
      expect(told.link.needsRead).toBe(true);

      const shown = seenComment({ authorship, atMs: bornMs, visibility: 'public' });
      takeRead(scene, { state: 'present', observation: shown });

      expect(scene.record.deleted?.atMs).toBe(diedMs);
      expect(scene.link).not.toHaveProperty('otherDied');
    },
  );

  it.each([
    ['nothing of its kind can be read', { canRead: false }, unseen],
    ['it has been seen', {}, remade],
    ['it was found', {}, found],
  ])('has nobody look at the other where %s', (_why, kind, link) => {
    const scene = commentScene({ place: deskPlace(kind), link });

    const told = toldOfDeath({}, BORN_MS, scene);

    expect(told.link).not.toHaveProperty('needsRead');
    expect(told.link).not.toHaveProperty('otherDied');
  });

  it('has nobody look at the other where that is dead', () => {
    const scene = commentScene({ link: { ...unseen, dead: { atMs: BORN_MS }, besides: [FIRST] } });

    observeOther(scene, seenTicket({ kind: 'comment', externalId: FIRST, atMs: BORN_MS, life: 'deleted' }));

    expect(scene.link).not.toHaveProperty('needsRead');
    expect(scene.link).not.toHaveProperty('otherDied');
  });

  it('has nobody look at the other where its integration knows none of its kind any more', () => {
    const scene = commentScene({ place: knowing(deskPlace(), {}), link: unseen });

    expect(toldOfDeath({}, BORN_MS, scene).link).not.toHaveProperty('otherDied');
  });

  it('says nothing of the record’s life where it may have been merged into another', () => {
    const scene = ticketScene({
      place: deskPlace({ canMerge: true }),
      link: { ...remade, origin: 'theirs' },
    });

    expect(toldOfDeath({}, BORN_MS - 10_000, scene).end).toBe('merged');
    expect(scene.record.deleted).toBeUndefined();
  });
});

describe('a copy that died beside a second one', () => {
  const SECOND = 'note-2' as ExternalId;
  const [DIED_MS, LATER_MS] = [70_000, 71_000];
  type Told = Partial<Observation>;
  const other: Told = { externalId: SECOND, authorship: 'hub', visibility: 'public' };
  const dead: Told = { atMs: DIED_MS, life: 'deleted', fields: {} };

  /** The first creation's answer was lost; what was sent again has landed too, and is told of before the first's death. */
  function toldOfEnd(known: Partial<Link>, shown: Told, end: (scene: Scene) => unknown, bornMs = LATER_MS) {
    const creations = [{ body: 'it burns', visibility: 'public' }];
    const scene = commentScene({ link: { creations, ...known } });
    observeOther(scene, seenComment({ ...other, atMs: bornMs }));
    end(scene);
    const { tree, record, place, around } = scene;
    const heir = sceneAt(tree, record, place, around);
    takeRead(heir, { state: 'present', observation: seenComment({ ...other, ...shown }) });
    return { record, link: heir.link };
  }
  const isTold = (scene: Scene) => observeCopy(scene, seenComment(dead));
  const isRefused = (scene: Scene) => findGone(scene);
  const isShown = (scene: Scene) => takeRead(scene, { state: 'deleted' });

  it.each<[string, Told]>([
    ['', {}],
    [', as far as is known by us', { authorship: 'unknown' }],
  ])('takes the record with it where the other is shown to have been made later%s', (_by, shown) => {
    const { record, link } = toldOfEnd({}, { atMs: LATER_MS, ...shown }, isTold);

    expect(record.deleted).toEqual({ atMs: DIED_MS, source: 'desk' });
    expect(link).toMatchObject({ externalId: SECOND, former: ['note-1'] });
    expect(link).not.toHaveProperty('otherDied');
  });

  it.each<[string, Told, Partial<Link>, (scene: Scene) => unknown]>([
    ['may have been there by then', { atMs: DIED_MS + 999 }, {}, isTold],
    ['is a person’s by now', { authorship: 'other' }, {}, isTold],
    ['may be a person’s by now', { authorship: 'unknown', fields: { body: 'it is out' } }, {}, isTold],
    ['had been the record’s before', {}, { former: [SECOND], ends: { [SECOND]: { atMs: 1 } } }, isTold],
    ['died nobody knows when', {}, {}, isRefused],
    ['is but seen to be dead', {}, {}, isShown],
  ])('leaves the record the other where that %s', (_why, shown, link, end) => {
    const later = { atMs: 900_000, ...shown };

    expect(toldOfEnd(link, later, end).record.deleted).toBeUndefined();
  });

  it('leaves the record the other where that was told of by then, whatever has become of it since', () => {
    const shown = { atMs: LATER_MS };

    expect(toldOfEnd({}, shown, isTold, DIED_MS).record.deleted).toBeUndefined();
    expect(toldOfEnd({}, shown, isTold, LATER_MS).record.deleted).toBeDefined();
  });
});

function seenSince(atMs: number): Partial<Link> {
  return { linkedAtMs: BORN_MS, written: { body: [{ ...created, seen: { atMs } }] } };
}
