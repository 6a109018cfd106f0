import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import type { Observation, ParentRef } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../vendor/profile.ts';
import { customersApart } from './conversations.ts';
import { familiesOf } from './grouped.ts';

/** Two customers' conversations, whose cases were merged after something was said in the first. */
function mergedCases() {
  const world = quietWorld([{ profile: SLACK_LIKE }, { profile: { ...SALESFORCE_LIKE, merges: true } }]);
  const [chat, desk] = world.sites.map(({ vendor }) => vendor);
  const opened = (mark: number, vendor = chat!) => {
    const by = vendor === chat ? 'person' : 'hub';
    return vendor.create({ kind: 'ticket', fields: { description: `#${mark}# it burns` }, by }).id;
  };
  const threads = [opened(1), opened(2)] as const;
  const [lost, kept] = [opened(1, desk), opened(2, desk)];
  const fields = { body: '#3# said' };
  const { id: note } = desk!.create({ kind: 'comment', root: lost, fields, by: 'person' });
  desk!.merge(lost, kept, {});
  const told = (object: ExternalId, hung: Partial<Observation>, heardAtMs = 0) => {
    const inbox = `event-${world.chronicle.told.length}`;
    world.chronicle.told.push({ object, atMs: 0, heardAtMs, fields, inbox });
    world.chronicle.about.set(inbox, [{ externalId: object, ...hung } as Observation]);
  };
  const tell = (rootExternalId: ExternalId, heardAtMs?: number) => told(note, { rootExternalId }, heardAtMs);
  const copyTo = (root: ExternalId) => chat!.create({ kind: 'comment', root, fields, by: 'hub' });
  /** Somebody's at the desk, and its copy in a conversation. */
  const fileOf = (parent: ParentRef, mark: number, root: ExternalId) => {
    const file = { kind: 'attachment', fields: { type: `image/#${mark}#` } } as const;
    told(desk!.create({ ...file, parent, by: 'person' }).id, { parent });
    chat!.create({ ...file, parent: { kind: 'ticket', externalId: root }, by: 'hub' });
  };
  return {
    threads,
    lost,
    kept,
    note,
    tell,
    copyTo,
    fileOf,
    breaches: () => customersApart(world, familiesOf(world)),
  };
}

describe('customersApart: what was said in one customer’s case', () => {
  it('is in that one’s conversation alone, though the case was merged into another’s', () => {
    const { threads, lost, tell, copyTo, breaches } = mergedCases();
    tell(lost);
    copyTo(threads[0]);
    expect(breaches()).toEqual([]);

    copyTo(threads[1]);

    const what = `comment #3# is in ${threads[1]} at v0, and was said in another’s`;
    expect(breaches()).toEqual([{ invariant: 7, what }]);
  });

  it.each(['alone', 'as well'])('is where it was told to have been moved: of that %s', (how) => {
    const { threads, lost, kept, tell, copyTo, breaches } = mergedCases();
    if (how === 'as well') tell(lost);
    tell(kept);

    copyTo(threads[1]);

    expect(breaches()).toEqual([]);
  });

  it('is not where it was told to have been moved after it had been said there', () => {
    const { threads, lost, kept, tell, copyTo, breaches } = mergedCases();
    tell(lost);
    tell(kept, Number.POSITIVE_INFINITY);

    copyTo(threads[1]);

    expect(breaches()).toHaveLength(1);
  });

  it('holds for its files, but those of something said: they are wherever that is', () => {
    const { threads, lost, note, fileOf, breaches } = mergedCases();
    fileOf({ kind: 'comment', externalId: note, rootExternalId: lost }, 4, threads[1]);
    expect(breaches()).toEqual([]);

    fileOf({ kind: 'ticket', externalId: lost }, 5, threads[1]);

    const what = `attachment #5# is in ${threads[1]} at v0, and was said in another’s`;
    expect(breaches()).toEqual([{ invariant: 7, what }]);
  });
});

/** A customer's comment, made by us at the case that two conversations share: nobody answered, it bears no mark, and somebody edited it. */
function mistakenNote({ isSeen = false } = {}) {
  const desk = { ...SALESFORCE_LIKE, merges: true, commentCreation: 'none' } as const;
  const world = quietWorld([{ profile: SLACK_LIKE }, { profile: desk }]);
  const [chat, shared] = world.sites;
  const open = (mark: number) =>
    chat!.vendor.create({ kind: 'ticket', fields: { description: `#${mark}# it burns` }, by: 'person' }).id;
  const threads = [open(1), open(2)] as const;
  const say = (body: string, by: 'person' | 'hub', root: ExternalId, record?: string, at = chat!) => {
    const { vendor, index } = at;
    const request = { record, isTaken: at === chat || isSeen } as never;
    if (by === 'hub') world.chronicle.requests.set(`${index} ${vendor.deeds.length}`, request);
    return vendor.create({ kind: 'comment', root, fields: { body }, by }).id;
  };
  const said = say('#3# said', 'person', threads[0]);
  world.chronicle.told.push({ object: said, atMs: 0, heardAtMs: 0, fields: {}, inbox: 'i' });
  world.chronicle.about.set('i', [{ externalId: said, rootExternalId: threads[0] } as Observation]);
  const note = say('#3# said', 'hub', 'case-2' as ExternalId, 'a.1', shared);
  shared!.vendor.change(note, { body: '#3# edited' }, 'person');
  return {
    copyFor: (record: string) => say('#3# edited', 'hub', threads[1], record),
    breaches: () => customersApart(world, familiesOf(world)),
  };
}

describe('customersApart: what was taken for a person’s own, as the manifest says it is', () => {
  it('is in the conversation of the case it stands at', () => {
    const { copyFor, breaches } = mistakenNote();

    copyFor('b.1');

    expect(breaches()).toEqual([]);
  });

  it.each([
    ['was answered', 'b.1', true],
    ['was taken so, as a copy of what it was made for', 'a.1', false],
  ])('is nowhere else where it %s', (_how, record, isSeen) => {
    const { copyFor, breaches } = mistakenNote({ isSeen });

    copyFor(record);

    expect(breaches()).toMatchObject([{ invariant: 7 }]);
  });
});
