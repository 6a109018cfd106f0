import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { quietWorld } from '../quiet-world.ts';
import type { Site } from '../truth.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { withoutMistaken } from './families.ts';
import { filesFollow } from './files.ts';
import { familiesOf } from './grouped.ts';

type Marked = 'ticket' | 'comment';

/** A copy that was taken for a stranger's, edited before anybody looked; a file sent to one of the two records of its mark. */
async function sentTo(record: 'own' | 'supposed', kind: Marked) {
  const profile = { ...SALESFORCE_LIKE, creation: 'none', commentCreation: 'none', files: 400 } as const;
  const world = quietWorld([{ profile }]);
  const { vendor, organization, connection, index } = world.sites[0]!;
  const field = kind === 'ticket' ? 'description' : 'body';
  const idOf = (name: string) => (kind === 'ticket' ? name : `r.${name}`) as RecordId;
  const request = {
    askedAtMs: 1,
    isLate: true,
    isAnswered: false,
    ifVersion: undefined,
    mapping: 0,
    run: {},
  };
  const root = vendor.create({ kind: 'ticket', fields: { description: '#8# x' }, by: 'person' }).id;
  const made = { kind, fields: { [field]: '#1# x' }, ...(kind === 'comment' ? { root } : {}) } as const;
  const asked = { ...request, record: idOf('own'), fields: [field], isTaken: false };
  world.chronicle.requests.set(`${index} ${vendor.deeds.length}`, asked);
  const { id: mistaken } = vendor.create({ ...made, by: 'hub' });
  vendor.change(mistaken, { [field]: '#1# y' }, 'person');
  const { id: copy } = vendor.create({ ...made, by: 'person' });
  const [bytes, parent] = ['1:', { kind, externalId: mistaken } as const];
  await world.scheduler.runUntil(world.scheduler.clock.now() + 1);
  const file = { name: 'a.png', type: 'image/#3#', size: bytes.length };
  vendor.create({ kind: 'attachment', fields: file, by: 'hub', parent, bytes });
  const sent = { organization, record: idOf(record), bytes, askedAtMs: 1, end: 'made' } as const;
  world.chronicle.hubFiles.set(3, sent);
  const links = (externalId: string) => ({ [connection]: { externalId } });
  const put = (id: string, externalId: string, text: string) => {
    const held = kind === 'ticket' ? inLanes(externalId) : { links: links(externalId), source: 'x' };
    const data = { id: idOf(id), kind, fields: { [field]: text }, ...held };
    const place = kind === 'ticket' ? { pk: id, sk: 'root' } : { pk: 'r', sk: `child#r.${id}` };
    return { put: { pk: `${organization}#root#${place.pk}`, sk: place.sk, data }, expect: 0 };
  };
  const inLanes = (externalId: string) => ({ lanes: { [connection]: { link: { externalId } } } });
  const ticket = { id: 'r', kind: 'ticket', fields: { description: '#8# x' }, ...inLanes(root) };
  await world.store.commit([
    { put: { pk: `${organization}#root#r`, sk: 'root', data: ticket }, expect: 0 },
    put('own', copy, '#1# x'),
    put('supposed', mistaken, '#1# y'),
  ]);
  return filesFollow(
    world,
    familiesOf(world).map((family) => withoutMistaken(world, family)),
  ).map(({ what }) => what);
}

describe('filesFollow: a file that was sent to one of two records of one mark', () => {
  it.each(['ticket', 'comment'] as const)('hangs on the copy of that one, a %s', async (kind) => {
    expect(await sentTo('supposed', kind)).toEqual([]);
    expect(await sentTo('own', kind)).toEqual(['attachment #3# at v0: under something else']);
  });
});

/** A person's file on a ticket at v0; its bytes were put up at v1 before the ticket's copy there was made, and it is shown. */
async function shown(when: 'before' | 'after') {
  const profile = { ...SALESFORCE_LIKE, files: 400 };
  const world = quietWorld([{ profile }, { profile }]);
  const [{ vendor: own }, { vendor: other }] = world.sites as [Site, Site];
  const ticket = { kind: 'ticket' as const, fields: { description: '#1# x' } };
  const fields = { name: 'photo.png', type: 'image/#7#', size: 3 };
  const file = { kind: 'attachment' as const, fields, bytes: 'abc', visibility: 'public' as const };
  const hangsOn = (externalId: ExternalId) => ({ kind: 'ticket' as const, externalId });
  const { id: root } = own.create({ ...ticket, by: 'person' });
  own.create({ ...file, parent: hangsOn(root), by: 'person' });
  const wait = () => world.scheduler.runUntil(world.scheduler.clock.now() + 1_000);

  const staged = other.stage(file.bytes);
  const show = (on: ExternalId) => other.create({ ...file, id: staged, parent: hangsOn(on), by: 'hub' });
  await wait();
  if (when === 'before') show('v1-t0002' as ExternalId);
  await wait();
  const { id: copied } = other.create({ ...ticket, by: 'hub' });
  await wait();
  if (when === 'after') show(copied);
  return filesFollow(world, familiesOf(world)).map(({ what }) => what);
}

describe('filesFollow: a file whose bytes were put up before there was what it hangs on', () => {
  it('comes after that, where it is shown only then', async () => {
    expect(await shown('after')).toEqual([]);
  });

  it('comes before it, where it is shown at once', async () => {
    expect(await shown('before')).toEqual(['attachment #7# at v1: before what it hangs on']);
  });
});
