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
  openWay,
  park,
  parkedEvent,
  parkOutOfSight,
  parkUnseen,
} from '../../../shared/sync/parking.ts';
import type { Lane, Parked, ParkedWork } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { parkedAs } from './parked-as.ts';
import { NOW_MS, pendingUpdate, ticketScene } from './scenes.ts';

const OTHER = 'other' as ConnectionId;
const COMMENT = 'comment-1' as RecordId;
const behind = (id: string) => ({ id: id as RecordId, position: '1' });
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

  it('is set aside for what keeps it from being read rather than for what would not settle', () => {
    const scene = ticketScene({ link: { unsettled: { subject: 5 }, parked: parkedAs('unsettled') } });

    park(scene, why('unsettled'));
    park(scene, why('unseen'));

    expect(scene.link).toMatchObject({ parked: { cause: 'unseen', id: 'id-1' }, unsettled: { subject: 5 } });
    expect(scene.tree.unparked).toEqual([parkedAs('unsettled').id]);
    expect(scene.tree.parked).toMatchObject([{ cause: 'unseen' }]);
  });

  it('is set aside for what keeps it from being read rather than for a second copy, and for that rather than the former', () => {
    const [unseen, twin] = (['doubtful', 'unsettled'] as const).map((cause) =>
      ticketScene({ link: { parked: parkedAs(cause) } }),
    );

    park(unseen!, why('unsettled'));
    park(unseen!, why('unseen'));
    park(twin!, why('doubtful'));

    expect(unseen!.link.parked).toMatchObject({ cause: 'unseen' });
    expect(unseen!.tree.unparked).toEqual([parkedAs('doubtful').id]);
    expect(twin!.link.parked).toMatchObject({ cause: 'doubtful' });
    expect(twin!.tree.unparked).toEqual([parkedAs('unsettled').id]);
  });

  it('is set aside for the latter by nobody, where one decision comes to both', () => {
    const scene = ticketScene({});

    park(scene, why('unsettled'));
    park(scene, why('unseen'));

    expect(scene.tree).toMatchObject({ parked: [{ cause: 'unseen', id: 'id-2' }], unparked: [] });
  });

  it('is not set aside twice', () => {
    const scene = ticketScene({ link: { parked: parkedAs('rejected') }, lane: { attempts: 2 } });

    park(scene, why('unsettled'));

    expect(scene.link.parked).toEqual(parkedAs('rejected'));
    expect(scene.lane.attempts).toBe(2);
    expect(scene.tree.parked).toEqual([]);
  });
});

describe('a lane set aside to learn what became of a request', () => {
  const opened = (lane: Partial<Lane>) => {
    const scene = ticketScene({ lane: { ...lane, want: 2 }, link: { absences: 3 } });
    openWay(scene);
    return scene;
  };

  it.each(['unseen', 'rejected'] as const)(
    'goes on once no request is under way, its misses forgotten: %s',
    (cause) => {
      const { lane, link, tree } = opened({ parked: parkedAs(cause) });

      expect(lane).not.toHaveProperty('parked');
      expect(link).not.toHaveProperty('absences');
      expect(tree.unparked).toEqual([parkedAs(cause).id]);
    },
  );

  it('leaves what its copy alone was set aside for', () => {
    const scene = ticketScene({
      lane: { parked: parkedAs('unseen') },
      link: { parked: parkedAs('unsettled') },
    });

    openWay(scene);

    expect(scene.link.parked).toEqual(parkedAs('unsettled'));
    expect(scene.lane).not.toHaveProperty('parked');
  });

  it('waits as long as one is', () => {
    expect(opened({ parked: parkedAs('unseen'), pending: pendingUpdate({}) }).lane.parked).toBeDefined();
  });

  it('waits with all others where its vendor is away', () => {
    const { lane, link } = opened({ parked: parkedAs('unavailable') });

    expect(lane.parked).toBeDefined();
    expect(link.absences).toBe(3);
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
        reason: 'what is known to be there is out of sight: whether this was created, nobody can tell',
        fault: 'organization',
      });
      expect(scene.lane.link.absences).toBe((absences ?? 0) + 1);
      expect(scene.link).not.toHaveProperty('absences');
      return scene.lane.parked?.drainAtMs;
    });

    expect(waits).toEqual([NOW_MS + 60_000, NOW_MS + 120_000, NOW_MS + 3_600_000, undefined]);
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
