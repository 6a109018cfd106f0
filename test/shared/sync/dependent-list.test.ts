import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { dropRefused, listTogether } from '../../../shared/sync/dependent-list.ts';
import { treeOf } from '../../../shared/sync/scene.ts';
import type { Dependent, Link, Root } from '../../../shared/sync/state.ts';
import { lane, link, OLD, root } from './fold-scene.ts';
import { LEFT, RIGHT } from './hub.ts';

const CONTACT = 'contact-1' as ExternalId;
const ticket = (at: number) => `ticket-${at}` as RecordId;
const refused = (from: number, count: number): Dependent[] =>
  Array.from({ length: count }, (_, at) => ({ root: ticket(from + at), connection: LEFT, named: CONTACT }));
const waiting = (from: number, count: number): Dependent[] =>
  Array.from({ length: count }, (_, at) => ({ root: ticket(from + at), connection: RIGHT }));

describe('two lists of those that two records tell of their copies', () => {
  const without: Dependent = { root: ticket(1), connection: LEFT, named: null };

  it('keep everyone while there is room', () => {
    expect(listTogether([...refused(0, 2), without], waiting(5, 2))).toEqual({
      listed: [without, ...waiting(5, 2), ...refused(0, 2)],
      leftOut: [],
    });
  });

  it('keep the last that were refused, as many as there is room beside the others', () => {
    expect(listTogether([...refused(0, 150), without], [...waiting(200, 100), ...refused(400, 3)])).toEqual({
      listed: [without, ...waiting(200, 100), ...refused(54, 96), ...refused(400, 3)],
      leftOut: refused(0, 54),
    });
  });

  it('keep nobody beyond their bounds: the last of those that wait are left out, and all that were refused', () => {
    expect(listTogether([...refused(0, 50), ...waiting(100, 150)], waiting(300, 150))).toEqual({
      listed: [...waiting(100, 150), ...waiting(300, 50)],
      leftOut: [...waiting(350, 100), ...refused(0, 50)],
    });
  });
});

describe('who was refused for a reason of its own', () => {
  const listed = (lanes: Root['lanes']) => {
    const tree = treeOf(root(OLD, lanes, { dependents: refused(0, 1) }));
    dropRefused(tree, 900_000);
    return tree.root.dependents?.length;
  };

  it('stays in mind until there was a look', () => {
    const lists = (over: Partial<Link>) => listed({ [LEFT]: lane(link(CONTACT, over)) });

    expect(lists({})).toBe(0);
    expect(lists({ needsRead: true })).toBe(1);
    expect(lists({ dead: { atMs: 1 } })).toBe(1);
  });

  it('stays in mind while there is nothing to look at, as where what it names was folded into has no copy there', () => {
    expect(listed({})).toBe(1);
    expect(listed({ [RIGHT]: lane(link(CONTACT)) })).toBe(1);
  });
});
