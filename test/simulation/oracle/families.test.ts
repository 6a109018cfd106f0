import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { quietWorld } from '../quiet-world.ts';
import type { Request, Site } from '../truth.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { withoutMistaken } from './families.ts';
import { familiesOf } from './grouped.ts';

const MADE = { askedAtMs: 0, isLate: false, isAnswered: false, ifVersion: undefined, mapping: 0 } as const;

/** A comment's copy whose creation was never answered, and which a person edited before it was seen: theirs, to the hub. */
async function mistakenComment() {
  const world = quietWorld([
    { profile: { ...SALESFORCE_LIKE, commentCreation: 'none' } },
    { profile: SALESFORCE_LIKE },
  ]);
  const [unmarked, other] = world.sites;
  const objects = [unmarked!, other!].map(({ vendor, index }) => {
    const request: Request = {
      ...MADE,
      record: 'b.1' as RecordId,
      fields: [],
      run: {},
      isTaken: index === 1,
    };
    world.chronicle.requests.set(`${index} ${vendor.deeds.length}`, request);
    return vendor.create({ kind: 'comment', fields: { body: '#2# said' }, by: 'hub' }).id;
  });
  unmarked!.vendor.change(objects[0]!, { body: '#2# changed' }, 'person');

  const keep = (root: string, link: { conn: string; externalId: ExternalId }, body: string) => {
    const pk = `${unmarked!.organization}#root#${root}`;
    const ticket = { id: root, kind: 'ticket', fields: {}, lanes: {} };
    const links = { [link.conn]: { externalId: link.externalId } };
    const child = { id: `${root}.1`, kind: 'comment', root, fields: { body }, links };
    return world.store.commit([
      { put: { pk, sk: 'root', data: ticket }, expect: 0 },
      { put: { pk, sk: `child#${root}.1`, data: child }, expect: 0 },
    ]);
  };
  await keep('a', { conn: unmarked!.connection, externalId: objects[0]! }, '#2# changed');
  await keep('b', { conn: other!.connection, externalId: objects[1]! }, '#2# said');
  return { world, family: familiesOf(world).find(({ kind }) => kind === 'comment')!, copy: objects[1] };
}

/** Another record's copy was merged into what one request has made, and which nobody had seen since. */
async function mergedIntoUnseen() {
  const world = quietWorld([
    { profile: { ...SALESFORCE_LIKE, creation: 'none', merges: true } },
    { profile: SALESFORCE_LIKE },
  ]);
  const [desk, other] = world.sites as [Site, Site];
  const fields = (mark: number) => ({ name: 'x', email: `c#${mark}#@example.com` });
  const make = ({ vendor, index }: Site, record: string, mark: number) => {
    const request = { ...MADE, record: record as RecordId, fields: [], run: {}, isTaken: record === 'a' };
    world.chronicle.requests.set(`${index} ${vendor.deeds.length}`, request);
    return vendor.create({ kind: 'contact', fields: fields(mark), by: 'hub' }).id;
  };
  const gone = make(desk, 'a', 1);
  const unseen = make(desk, 'b', 2);
  const copy = make(other, 'a', 2);
  desk.vendor.merge(gone, unseen, {});
  const link = { externalId: unseen, former: [gone] };
  const lanes = { [desk.connection]: { link }, [other.connection]: { link: { externalId: copy } } };
  const data = { id: 'a', kind: 'contact', fields: fields(2), lanes };
  await world.store.commit([{ put: { pk: `${desk.organization}#root#a`, sk: 'root', data }, expect: 0 }]);
  const family = familiesOf(world).find(({ notes }) => notes?.record.id === 'a')!;
  return { world, family, copies: [unseen, copy] };
}

/**
 * What one request has made is taken for a person's; the copy made of it elsewhere was merged into what a person made there. Made
 * `anew`, its own record was folded into theirs, too, and has another copy beside it.
 */
async function mergedElsewhere(isAnew = false) {
  const world = quietWorld([
    { profile: { ...SALESFORCE_LIKE, creation: 'none' } },
    { profile: { ...SALESFORCE_LIKE, merges: true } },
  ]);
  const [unmarked, desk] = world.sites as [Site, Site];
  const fields = (mark: number) => ({ name: 'x', email: `c#${mark}#@example.com` });
  const make = ({ vendor, index }: Site, record: string, isTaken: boolean) => {
    const request = { ...MADE, record: record as RecordId, fields: [], run: {}, isTaken };
    world.chronicle.requests.set(`${index} ${vendor.deeds.length}`, request);
    return vendor.create({ kind: 'contact', fields: fields(1), by: 'hub' }).id;
  };
  const mistaken = make(unmarked, 'own', false);
  unmarked.vendor.change(mistaken, { name: 'y' }, 'person');
  const gone = make(desk, 'supposed', true);
  const { id: into } = desk.vendor.create({ kind: 'contact', fields: fields(2), by: 'person' });
  desk.vendor.merge(gone, into, {});
  unmarked.vendor.change(mistaken, fields(2), 'hub');
  const held = isAnew ? make(unmarked, 'own', true) : mistaken;
  const lanes = {
    [unmarked.connection]: { link: { externalId: held } },
    [desk.connection]: { link: { externalId: into, former: [gone] } },
  };
  const signposts = ['supposed', ...(isAnew ? ['own'] : [])].map((id) => {
    return { id, kind: 'contact', fields: fields(1), lanes: {}, foldedInto: 'theirs' };
  });
  const roots = [{ id: 'theirs', kind: 'contact', fields: fields(2), lanes }, ...signposts];
  await world.store.commit(
    roots.map((data) => ({
      put: { pk: `${unmarked.organization}#root#${data.id}`, sk: 'root', data },
      expect: 0,
    })),
  );
  const family = familiesOf(world).find(({ notes }) => notes?.record.id === 'theirs')!;
  return { world, family, copies: [held, into] };
}

describe('withoutMistaken', () => {
  it('leaves a record what was mistaken for a person’s, where a merge has made that one of it and of theirs', async () => {
    const { world, family, copies } = await mergedElsewhere();

    expect(withoutMistaken(world, family).copies.map(({ object }) => object.id)).toEqual(copies);
  });

  it('leaves a record none of what was mistaken where it has another there, though a copy elsewhere was merged', async () => {
    const { world, family, copies } = await mergedElsewhere(true);

    const left = withoutMistaken(world, family).copies.map(({ object }) => object.id);

    expect(family.copies).toHaveLength(3);
    expect(new Set(left)).toEqual(new Set(copies));
  });

  it('leaves a record what its own copy was merged into, though nobody knew who had made that', async () => {
    const { world, family, copies } = await mergedIntoUnseen();

    expect(withoutMistaken(world, family).copies.map(({ object }) => object.id)).toEqual(copies);
  });

  it('leaves a comment what is its own, whatever conversation its mistaken copy has a record in', async () => {
    const { world, family, copy } = await mistakenComment();

    const left = withoutMistaken(world, family);

    expect(left.copies.map(({ object }) => object.id)).toEqual([copy]);
    expect(left.notes?.record.id).toBe('b.1');
  });
});
