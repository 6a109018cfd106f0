import { describe, expect, it } from 'vitest';
import type { ConnectionId, InboxId, OrganizationId, RecordId } from '../../../shared/domain/index.ts';
import {
  ConfigurationError,
  ProviderRejectedError,
  ProviderUnavailableError,
  ReauthorizationRequiredError,
} from '../../../shared/errors.ts';
import {
  causeOf,
  codeOf,
  park,
  parkedEvent,
  parkOutOfSight,
  parkUnseen,
  unpark,
  unparkChanged,
} from '../../../shared/sync/parking.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import type { Parked, ParkedWork, RecordChange } from '../../../shared/sync/state.ts';
import { commentScene, elsewhere } from './comment-scene.ts';
import { NOW_MS, ticketScene } from './scenes.ts';

const OTHER = 'other' as ConnectionId;
const COMMENT = 'comment-1' as RecordId;
const behind = (id: string) => ({ id: id as RecordId, position: '1' });
const parkedAs = (cause: Parked['cause'], more: Partial<Parked> = {}): Parked => ({
  id: `parked-${cause}`,
  cause,
  reason: 'r',
  fault: 'organization',
  atMs: 1,
  attempts: 0,
  ...more,
});
const why = (cause: Parked['cause']) => ({ cause, reason: 'r', fault: 'organization' }) as const;

describe('work set aside', () => {
  it('is its copy alone, which leaves its line: its followers go on', () => {
    const scene = commentScene({ lane: { behind: [behind('comment-1'), behind('comment-2')], attempts: 3 } });

    park(scene, why('rejected'));

    expect(scene.link.parked).toEqual({ ...why('rejected'), id: 'id-1', atMs: NOW_MS, attempts: 3 });
    expect(scene.lane.behind).toEqual([behind('comment-2')]);
    expect(scene.lane).toMatchObject({ attempts: 0 });
    expect(scene.lane).not.toHaveProperty('parked');
    expect(scene.tree.parked).toMatchObject([{ id: 'id-1', record: COMMENT, kind: 'comment' }]);
  });

  it.each(['unavailable', 'unauthorized', 'dead-letter'] as const)(
    'is the whole lane in its order where its way is shut: %s',
    (cause) => {
      const scene = commentScene({ lane: { behind: [behind('comment-1')] } });

      park(scene, why(cause));

      expect(scene.lane.parked).toMatchObject({ cause });
      expect(scene.link).not.toHaveProperty('parked');
      expect(scene.lane.behind).toEqual([behind('comment-1')]);
    },
  );

  it('is the whole lane for any cause that says so', () => {
    const scene = commentScene({});

    park(scene, { ...why('unseen'), isWayShut: true });

    expect(scene.lane.parked).toEqual({ ...why('unseen'), id: 'id-1', atMs: NOW_MS, attempts: 0 });
  });

  it('is tried again by itself where only its vendor was away', () => {
    const [away, lost] = [ticketScene({}), ticketScene({})];
    park(away, why('unavailable'));
    park(lost, why('unauthorized'));

    expect(away.lane.parked?.drainAtMs).toBe(NOW_MS + 60_000);
    expect(lost.lane.parked).not.toHaveProperty('drainAtMs');
  });

  it('is not set aside twice', () => {
    const scene = ticketScene({ link: { parked: parkedAs('rejected') }, lane: { attempts: 2 } });

    park(scene, why('unsettled'));

    expect(scene.link.parked).toEqual(parkedAs('rejected'));
    expect(scene.lane.attempts).toBe(2);
    expect(scene.tree.parked).toEqual([]);
  });
});

describe('a copy that is not to be found', () => {
  it('is looked for again, ever more seldom up to an hour, eight times in all', () => {
    const waits = Array.from({ length: 9 }, (_, absences) => {
      const scene = ticketScene({ link: { absences } });
      parkUnseen(scene);
      expect(scene.link).toMatchObject({ absences: absences + 1, parked: { cause: 'unseen' } });
      return scene.lane.drains?.map(({ atMs }) => (atMs - NOW_MS) / 60_000);
    });

    expect(waits).toEqual([[1], [2], [4], [8], [16], [32], [60], [60], undefined]);
  });

  it('is looked for the first time where it was never missed before', () => {
    const scene = ticketScene({});

    parkUnseen(scene);

    expect(scene.link.absences).toBe(1);
    expect(scene.lane.drains).toEqual([{ record: 'ticket-1', atMs: NOW_MS + 60_000 }]);
    expect(scene.tree.parked).toMatchObject([
      { fault: 'organization', reason: 'the copy is not to be found: gone, or out of the hub’s sight' },
    ]);
  });

  it('is listed once, at its latest time, beside the others', () => {
    const other = { record: COMMENT, atMs: 7 };
    const drains = [{ record: 'ticket-1' as RecordId, atMs: 5 }, other];
    const scene = ticketScene({ lane: { drains } });

    parkUnseen(scene);

    expect(scene.lane.drains).toEqual([other, { record: 'ticket-1', atMs: NOW_MS + 60_000 }]);
  });
});

describe('a conversation out of sight', () => {
  it('shuts its lane, which looks again as for a copy', () => {
    const waits = [undefined, 1, 7, 8].map((absences) => {
      const scene = commentScene({});
      if (absences !== undefined) scene.lane.link.absences = absences;
      parkOutOfSight(scene);
      expect(scene.lane.parked).toMatchObject({
        cause: 'unseen',
        reason: 'the conversation is out of sight: whether this was created, nobody can tell',
        fault: 'organization',
      });
      expect(scene.lane.link.absences).toBe((absences ?? 0) + 1);
      expect(scene.link).not.toHaveProperty('absences');
      return scene.lane.parked?.drainAtMs;
    });

    expect(waits).toEqual([NOW_MS + 60_000, NOW_MS + 120_000, NOW_MS + 3_600_000, undefined]);
  });
});

describe('parked work that goes on', () => {
  const unseen = ({ cause }: Parked) => cause === 'unseen';

  it('is what was meant, with its attempts counted anew', () => {
    const scene = ticketScene({ link: { parked: parkedAs('unseen') }, lane: { attempts: 4 } });

    expect(unpark(scene, unseen)).toBe(true);

    expect(scene.link).not.toHaveProperty('parked');
    expect(scene.lane.attempts).toBe(0);
    expect(scene.tree.unparked).toEqual(['parked-unseen']);
  });

  it('is both copy and lane where both were meant', () => {
    const scene = ticketScene({ link: { parked: parkedAs('unseen') }, lane: { parked: parkedAs('unseen') } });

    unpark(scene, unseen);

    expect([scene.link.parked, scene.lane.parked]).toEqual([undefined, undefined]);
    expect(scene.tree.unparked).toHaveLength(2);
  });

  it('is nothing where nothing was meant, or nothing is parked', () => {
    const scene = ticketScene({ link: { parked: parkedAs('rejected') }, lane: { attempts: 4 } });

    expect(unpark(scene, unseen)).toBe(false);
    expect(unpark(ticketScene({}), () => true)).toBe(false);

    expect(scene.link.parked).toBeDefined();
    expect(scene.lane.attempts).toBe(4);
    expect(scene.tree.unparked).toEqual([]);
  });

  it('may try to settle anew where it would not', () => {
    const [stubborn, refused] = (['unsettled', 'rejected'] as const).map((cause) => {
      const scene = ticketScene({ link: { parked: parkedAs(cause), unsettled: { subject: 4 } } });
      unpark(scene, () => true);
      return scene.link.unsettled;
    });

    expect(stubborn).toBeUndefined();
    expect(refused).toEqual({ subject: 4 });
  });
});

describe('new content', () => {
  const changed = (source: RecordChange['source'], more: Partial<RecordChange> = {}): RecordChange => ({
    record: 'ticket-1' as RecordId,
    kind: 'ticket',
    what: 'updated',
    fields: { subject: { from: 'a', to: 'b' } },
    source,
    actor: 'ada',
    ...more,
  });
  /** Whether work set aside for this cause goes on, when the record changes so. */
  const goesOn = (
    cause: Parked['cause'],
    change: RecordChange,
    prepare: (scene: Scene) => void = () => {},
  ) => {
    const scene = ticketScene({ link: { parked: parkedAs(cause) } });
    prepare(scene);
    scene.tree.changes.push(change);
    unparkChanged(scene);
    return scene.link.parked === undefined;
  };

  it.each([
    ['rejected', 'hub', true],
    ['unsettled', 'hub', true],
    ['unauthorized', 'hub', false],
    ['unseen', 'hub', false],
    ['rejected', 'desk', false],
    ['unsettled', 'desk', false],
  ] as const)('is a new chance for what is set aside as %s and changed by %s: %s', (cause, source, does) => {
    expect(goesOn(cause, changed(source as ConnectionId | 'hub'))).toBe(does);
  });

  it('of another record is none', () => {
    for (const cause of ['rejected', 'unsettled'] as const)
      expect(goesOn(cause, changed('hub', { record: COMMENT }))).toBe(false);
  });

  it('from a copy that has not settled itself is none for what would not settle', () => {
    const unsettled = (fields: Record<string, number>) => (scene: Scene) => {
      elsewhere(scene, { unsettled: fields });
      scene.tree.root.lanes[OTHER] = scene.tree.root.lanes.elsewhere!;
    };

    expect(goesOn('unsettled', changed(OTHER), unsettled({ subject: 1 }))).toBe(false);
    expect(goesOn('rejected', changed(OTHER), unsettled({ subject: 1 }))).toBe(true);
    expect(goesOn('unsettled', changed(OTHER), unsettled({ subject: 0 }))).toBe(true);
    expect(goesOn('unsettled', changed(OTHER), unsettled({ priority: 1 }))).toBe(true);
    expect(goesOn('unsettled', changed(OTHER))).toBe(true);
    const two = { subject: { from: 'a', to: 'b' }, priority: { from: 'a', to: 'b' } };
    expect(goesOn('unsettled', changed(OTHER, { fields: two }), unsettled({ subject: 1 }))).toBe(true);
    expect(goesOn('unsettled', changed(OTHER, { fields: {} }), unsettled({ subject: 1 }))).toBe(true);
  });

  it('of a comment is judged by the comment’s own copies', () => {
    const settles = (unsettled: Record<string, number>) => {
      const scene = commentScene({ link: { parked: parkedAs('unsettled') } });
      if (scene.record.kind !== 'comment') throw new TypeError('not a comment');
      scene.record.links[OTHER] = { ...scene.link, unsettled };
      scene.tree.changes.push(changed(OTHER, { record: COMMENT, fields: { body: { from: 'a', to: 'b' } } }));
      unparkChanged(scene);
      return scene.link.parked === undefined;
    };

    expect(settles({ body: 1 })).toBe(false);
    expect(settles({})).toBe(true);
  });
});

describe('why work is set aside', () => {
  it.each([
    [new ProviderUnavailableError('away'), 'unavailable', 'vendor', 'provider_unavailable'],
    [new ReauthorizationRequiredError('dead'), 'unauthorized', 'organization', 'reauthorization_required'],
    [new ProviderRejectedError('no', { vendorCode: 'RULE' }), 'rejected', 'organization', 'RULE'],
    [new ConfigurationError('no key'), 'rejected', 'hub', 'configuration'],
  ] as const)('is told by the failure: %s', (error, cause, fault, code) => {
    expect(causeOf(error)).toEqual({ cause, reason: error.message, fault, code });
    expect(codeOf(error)).toBe(code);
  });
});

describe('the event of parked work', () => {
  const work: ParkedWork = {
    ...parkedAs('rejected', { atMs: 7 }),
    organization: 'acme' as OrganizationId,
    connection: OTHER,
    integration: 'desk',
  };
  const eventOf = (more: Partial<ParkedWork>) =>
    parkedEvent({ ...work, ...more }, 'acme' as OrganizationId, 3);

  it('names all that is known, and says none of its reasons’ words (invariant 9)', () => {
    const known = {
      root: 'ticket-1' as RecordId,
      record: COMMENT,
      code: 'RULE',
      correlation: 'c-1',
      reason: 'Maya’s own words',
    };

    expect(eventOf(known)).toEqual({
      id: 'comment-1@3:parked-rejected',
      type: 'work.parked',
      organization: 'acme',
      subject: 'ticket-1',
      atMs: 7,
      correlation: 'c-1',
      data: {
        parked: 'parked-rejected',
        connection: 'other',
        cause: 'rejected',
        fault: 'organization',
        code: 'RULE',
        root: 'ticket-1',
        record: 'comment-1',
      },
    });
  });

  it('of what belongs to no record is known by its row, else by itself', () => {
    expect(eventOf({ inbox: 'row-1' as InboxId })).toMatchObject({
      id: 'row-1@3:parked-rejected',
      subject: 'other',
    });
    const bare = eventOf({});
    expect(bare.id).toBe('parked-rejected@3:parked-rejected');
    expect(bare).not.toHaveProperty('correlation');
    expect(Object.keys(bare.data)).toEqual(['parked', 'connection', 'cause', 'fault']);
  });
});
