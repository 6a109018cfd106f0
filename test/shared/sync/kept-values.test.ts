import { describe, expect, it } from 'vitest';
import type { Fields } from '../../../shared/domain/index.ts';
import { keepValues } from '../../../shared/sync/fold-values.ts';
import type { Place } from '../../../shared/sync/places.ts';
import { treeOf } from '../../../shared/sync/scene.ts';
import type { Child, Link, Provenance, Root } from '../../../shared/sync/state.ts';
import { lane, link, note, OBJECT, OLD, OLD_NOTE, root, YOUNG, YOUNG_NOTE } from './fold-scene.ts';
import { LEFT, RIGHT } from './hub.ts';
import { around, deskPlace } from './scenes.ts';

const ada: Provenance = { source: RIGHT, actor: 'vendor:desk', fromMs: 5, toMs: 7 };
const holding = (fields: Fields, by: Provenance = ada): Partial<Root> => ({
  fields: { ...fields },
  provenance: Object.fromEntries(Object.keys(fields).map((field) => [field, by])),
});
function folded(older: Root, given: Root, place: Place = deskPlace()) {
  const tree = treeOf(older);
  keepValues(tree, tree.root, given, around(place));
  return { fields: tree.root.fields, losses: tree.losses };
}
const lanesOf = (links: Readonly<Record<string, Link>>): Root['lanes'] =>
  Object.fromEntries(Object.entries(links).map(([id, each]) => [id, lane(each)]));

describe('what the younger of two records held', () => {
  it('is found in the journal with whose value stands instead, and why', () => {
    const provenance = { subject: { ...ada, actor: 'user:ben' } };
    const older = root(OLD, {}, { fields: { subject: 'printer', priority: 'low' }, provenance });
    const given = root(YOUNG, {}, holding({ subject: 'fire', priority: 'high' }));
    const lost = { record: OLD, lostBy: 'vendor:desk', lostAtMs: 7, policy: 'fold' };
    const why = 'two records turned out to be one object’s, and the older’s value stands';

    expect(folded(older, given).losses).toEqual([
      { ...lost, field: 'subject', lost: 'fire', kept: 'printer', keptBy: 'user:ben', why },
      { ...lost, field: 'priority', lost: 'high', kept: 'low', keptBy: 'hub', why },
    ]);
  });

  it('is kept where a person or an agent set it through the hub’s own API; the hub’s defaults are not', () => {
    const older = root(OLD, {}, { fields: { subject: 'printer', priority: 'low' } });
    const byHub = { ...ada, source: 'hub' } as const;
    const given = root(
      YOUNG,
      {},
      {
        fields: { subject: 'fire', priority: 'normal' },
        provenance: { subject: { ...byHub, actor: 'user:ben' }, priority: { ...byHub, actor: 'hub' } },
      },
    );

    expect(folded(older, given).losses).toMatchObject([{ field: 'subject', lostBy: 'user:ben' }]);
  });

  it('takes the place of an empty text; an empty one is no loss', () => {
    const older = root(OLD, {}, { fields: { subject: 'printer', description: '' } });
    const given = root(YOUNG, {}, holding({ subject: '', description: 'it burns' }));

    expect(folded(older, given)).toEqual({
      fields: { subject: 'printer', description: 'it burns' },
      losses: [],
    });
  });

  describe('of which the system it is from shows none in the older’s own copy', () => {
    const desk = deskPlace();
    const owned: Place = {
      ...desk,
      mapping: { ...desk.mapping, project: ({ copy, fields }) => (copy === 'ours' ? fields : {}) },
    };
    const by: Provenance = { ...ada, source: desk.connection.id };
    const given = root(YOUNG, lanesOf({ desk: link(OBJECT) }), holding({ description: 'it burns' }, by));
    const copy = (over: Partial<Link> = {}) => link('object-2', { got: { subject: 'printer' }, ...over });
    const olderWith = (own: Link, over: Partial<Root> = {}) => root(OLD, lanesOf({ desk: own }), over);

    it('is only in the journal where that copy is not the hub’s to write: the record stays what its copy is', () => {
      const { fields, losses } = folded(olderWith(copy()), given, owned);

      expect(fields).toEqual({ subject: 'printer' });
      expect(losses).toMatchObject([{ field: 'description', lost: 'it burns', kept: null, policy: 'fold' }]);
    });

    it('is what that copy is held against at its first read', () => {
      const told = root(YOUNG, lanesOf({ desk: link(OBJECT, { got: { description: 'It burns' } }) }), {
        ...holding({ description: 'it burns', priority: 'high' }, by),
      });
      const tree = treeOf(olderWith(link('object-2'), { unread: by.source as never }));

      keepValues(tree, tree.root, told, around(owned));

      expect(tree.root.fields.description).toBe('it burns');
      expect(tree.root.lanes.desk?.link.got).toEqual({ description: 'It burns', priority: null });
    });

    it.each([
      ['the hub writes that copy', olderWith(copy()), desk],
      ['that copy is one of ours', olderWith(copy({ origin: 'ours' })), owned],
      ['that copy is dead', olderWith(copy({ dead: { atMs: 1 } })), owned],
      ['the older has no copy there', olderWith(link(undefined)), owned],
      ['that copy came with the value', olderWith(link(OBJECT)), owned],
      ['that copy was never seen', olderWith(copy({ got: {} }), { unread: by.source as never }), owned],
      ['the value is from elsewhere', root(OLD, lanesOf({ [LEFT]: copy() })), owned],
    ])('fills the older’s gap where %s', (_what, older, place) => {
      const { fields, losses } = folded(older, given, place);

      expect(fields).toEqual({ subject: 'printer', description: 'it burns' });
      expect(losses).toEqual([]);
    });
  });

  describe('beside a copy of which the older sent a value and has read none', () => {
    const asked = (externalId: string | undefined, over: Partial<Link> = {}) =>
      link(externalId, { sent: { subject: 'printer' }, got: {}, ...over });
    const lossesWith = (held: Readonly<Record<string, Link>>, links: Readonly<Record<string, Link>>) =>
      folded(root(OLD, lanesOf(held)), root(YOUNG, lanesOf(links), holding({ subject: 'fire' }))).losses;

    it('is left to the read of it, whatever other copies the younger had', () => {
      const elsewhere = link('object-2');

      expect(lossesWith({ [RIGHT]: asked(OBJECT) }, { [LEFT]: elsewhere, [RIGHT]: link(OBJECT) })).toEqual(
        [],
      );
      expect(lossesWith({ [RIGHT]: asked(OBJECT) }, { [RIGHT]: link(OBJECT), [LEFT]: elsewhere })).toEqual(
        [],
      );
    });

    it.each([
      ['that copy is another object', asked('object-2')],
      ['what stands there is known', asked(OBJECT, { got: { subject: 'printer' } })],
      ['nothing of it was sent', asked(OBJECT, { sent: {} })],
    ])('is kept where %s', (_what, held) => {
      expect(lossesWith({ [RIGHT]: held }, { [RIGHT]: link(OBJECT) })).toMatchObject([{ lost: 'fire' }]);
    });
  });

  it('of a comment is left to the read of its one copy all the same', () => {
    const younger: Child = note(YOUNG_NOTE, YOUNG, { [RIGHT]: link(OBJECT) }, { provenance: { body: ada } });
    const older = (of: Link) => note(OLD_NOTE, OLD, { [RIGHT]: of }, { fields: { body: 'It smokes' } });
    const lossesOf = (each: Child) => {
      const tree = treeOf(root(OLD, {}), [each]);
      keepValues(tree, tree.children.get(OLD_NOTE)!, younger, around(deskPlace()));
      return tree.losses;
    };

    expect(lossesOf(older(link(OBJECT, { sent: { body: 'It smokes' } })))).toEqual([]);
    expect(lossesOf(older(link(OBJECT)))).toMatchObject([{ lost: 'It burns', kept: 'It smokes' }]);
  });
});
