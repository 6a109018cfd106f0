import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Observation } from '../../../shared/ports/index.ts';
import { type Identity, observe } from '../../../shared/sync/observe.ts';
import { observeOther } from '../../../shared/sync/other-copy.ts';
import type { Lane, Link, Moment } from '../../../shared/sync/state.ts';
import { parkedAs } from './parked-as.ts';
import { seenTicket, ticketScene } from './scenes.ts';

const [OWN, SHARED, BESIDE] = ['case-1', 'case-2', 'case-3'] as ExternalId[];
const [BEFORE, OTHER] = ['case-0' as ExternalId, 'ticket-2' as RecordId];
const QUESTION = parkedAs('doubtful', { code: 'second_copy' });
const tombstone = { dead: { atMs: 55_000 }, wasOf: 'ticket-1' as RecordId };
const back = seenTicket({ externalId: OWN!, life: 'undeleted', fields: {} });

/** Its copy was merged into another record's, which it has but shared since; somebody takes it out of the bin. */
function takenBack(over: Partial<Link> = {}, lane: Partial<Lane> = {}) {
  const binned: Link = {
    origin: 'theirs',
    externalId: OWN!,
    sent: {},
    got: { subject: 'printer' },
    gotAtMs: 50_000,
  };
  const link = { externalId: SHARED!, isBorrowed: true, mergedInto: SHARED!, binned, ...over } as const;
  const scene = ticketScene({ link, lane });
  const end = observeOther(scene, back, { tombstone });
  return { end, tree: scene.tree, lane: scene.lane, link: scene.lane.link };
}

describe('a record’s own copy that is taken out of the bin', () => {
  it('is its copy as it was, to be looked at, and no former one', () => {
    const { end, link } = takenBack({ former: [BEFORE, OWN!] });

    expect(end).toBe('applied');
    expect(link).toStrictEqual({
      origin: 'theirs',
      externalId: OWN,
      sent: {},
      got: { subject: 'printer' },
      gotAtMs: 50_000,
      former: [BEFORE],
      revived: { atMs: 60_000, version: { source: 'desk', value: 6 } },
      needsRead: true,
      asks: 1,
    });
  });

  it('needs to have been no former one', () => {
    expect(takenBack().link.former).toEqual([]);
  });

  it('is shared with whoever shared what it was merged into', () => {
    expect(takenBack({ sharers: [OTHER] }).link.sharers).toEqual([OTHER]);
  });

  it.each([
    ['that people are asked about', QUESTION, []],
    ['that they are asked about once what was more pressing is over', parkedAs('unseen'), ['parked-unseen']],
  ])('has that second one beside it %s', (_which, parked, unparked) => {
    const { tree, link } = takenBack({ parked, besides: [BESIDE!] });

    expect(link).toMatchObject({ besides: [BESIDE], parked: { cause: 'doubtful', code: 'second_copy' } });
    expect(tree.unparked).toEqual(unparked);
    expect(tree.parked.filter(({ id }) => id !== link.parked?.id)).toEqual([]);
  });

  it('has that second one beside it that people have said may stay', () => {
    const { link } = takenBack({ besides: [BESIDE!] });

    expect(link.besides).toEqual([BESIDE]);
    expect(link).not.toHaveProperty('parked');
  });

  it('leaves nothing set aside of what was shared, and every way as it is', () => {
    const shut = parkedAs('unauthorized');
    const { tree, lane, link } = takenBack({ parked: parkedAs('rejected') }, { parked: shut });

    expect(link).not.toHaveProperty('parked');
    expect(lane.parked).toEqual(shut);
    expect(tree.unparked).toEqual(['parked-rejected']);
  });
});

it('a copy that comes back beside the one its ticket has by now brings that ticket back, and is asked about', () => {
  const scene = ticketScene({});
  scene.record.deleted = { atMs: 55_000, source: scene.place.connection.id };

  expect(observeOther(scene, { ...back, externalId: BEFORE }, { tombstone })).toBe('parked');

  expect(scene.record).not.toHaveProperty('deleted');
  expect(scene.link).toMatchObject({ externalId: OWN, besides: [BEFORE] });
});

describe('an object beside the copy that its record has is claimed', () => {
  const claimed = (o: Partial<Observation>, more: Partial<Identity> = {}) => {
    const { tree, place, around } = ticketScene({});
    const told = seenTicket({ externalId: BEFORE, ...o });
    return observe(told, { isKnown: true, root: tree.root, ...more }, place, around).claims;
  };
  const claim = { root: 'ticket-1', record: 'ticket-1' };
  const at = { atMs: 60_000, version: { source: 'desk', value: 6 } };
  const before = { atMs: 1 };

  it.each<[string, Moment | undefined, Partial<Observation>, Partial<Identity>]>([
    ['as one that was never away', undefined, {}, {}],
    ['as back since it is told to be', at, { life: 'undeleted' }, {}],
    ['as back since it is told of', at, {}, { tombstone }],
    ['as back since it was', before, {}, { back: before }],
    ['as back since it is told to be once more', at, { life: 'undeleted' }, { back: before }],
  ])('%s', (_since, back, o, more) => {
    const held = back === undefined ? claim : { ...claim, back };

    expect(claimed(o, more)).toStrictEqual([{ kind: 'ticket', externalId: BEFORE, claim: held }]);
  });
});
