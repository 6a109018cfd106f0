import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../shared/errors.ts';
import type { CopyRef, RemoteChange } from '../../../shared/ports/index.ts';
import { type Creation, SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, CASE, hubOver, LEFT, parkedOf, RIGHT, type Site, settled, ticketOf } from './hub.ts';

const error = new ProviderUnavailableError('the answer was lost');
const OTHER_CASE = { ...CASE, externalId: 'case-2' as ExternalId };
const MANY = 50;
type Sight = 'nothing' | 'what is known' | 'all' | 'refused';

/** Cases are made at a desk that answers of all but the last; once that was sent, this is what is seen. */
async function unanswered(cases: readonly (typeof CASE)[], atFirst: Sight, creation: Creation = 'find') {
  const made: RemoteChange[] = [];
  const looks: CopyRef[] = [];
  let searches = 0;
  let sight: Sight = 'all';
  const shown = (externalId: ExternalId) =>
    ({
      ...CASE,
      externalId,
      authorship: 'hub',
      atMs: hub.clock.now(),
      version: { source: 'any', value: hub.clock.now() },
      isComplete: true,
    }) as const;
  const port: Site['port'] = {
    read: async (copy) => {
      looks.push(copy);
      if (sight === 'nothing') return { state: 'absent' };
      return { state: 'present', observation: shown(copy.externalId) };
    },
    find: async (record) => {
      searches += 1;
      if (searches > MANY) throw new Error('searched without end');
      if (sight === 'refused') throw new ProviderRejectedError('not for you', { vendorCode: 'ACL' });
      return sight === 'all' ? shown(`made-${record}` as ExternalId) : undefined;
    },
    write: async (change) => {
      made.push(change);
      if (made.length !== cases.length) return settled(change);
      sight = atFirst;
      looks.length = 0;
      return { outcome: 'uncertain', error };
    },
  };
  const profile = { ...SALESFORCE_LIKE, creation, requestLifetimeMs: 20_000 };
  const hub = hubOver({ [LEFT]: { profile: SALESFORCE_LIKE, port: {} }, [RIGHT]: { profile, port } });
  for (const each of cases) {
    await hub.hear(each);
    await hub.work(5_000);
  }
  await hub.work(120_000);
  const passTime = async () => {
    hub.clock.advance(3_600_000);
    await hub.engine.sweep();
    await hub.work(120_000);
  };
  const regrant = async () => {
    sight = 'all';
    await hub.engine.sweep();
    await hub.work(120_000);
  };
  /** A person puts back the one thing that is set aside. */
  const replay = async (seen = sight) => {
    sight = seen;
    const [work] = await parkedOf(hub);
    await hub.engine.replay(ACME, work!.id, 'user:1');
    await hub.work(120_000);
  };
  const searched = () => searches;
  return { hub, made, looks, searched, passTime, regrant, replay, parked: () => parkedOf(hub) };
}

describe('a search for a case of unknown fate that shows nothing', () => {
  it('is not believed where nothing is seen of what is known to be there', async () => {
    const { made, parked } = await unanswered([CASE, OTHER_CASE], 'nothing');

    expect(made).toHaveLength(2);
    expect(await parked()).toMatchObject([{ cause: 'unseen', fault: 'organization' }]);
  });

  it('is made again by itself, and finds the case once all is seen', async () => {
    const { hub, made, parked, regrant } = await unanswered([CASE, OTHER_CASE], 'nothing');
    await regrant();

    expect(made).toHaveLength(2);
    expect(await parked()).toEqual([]);
    const { link } = (await ticketOf(hub)).lanes[RIGHT]!;
    expect(link.externalId).toBe(`made-${made[1]!.record}`);
    expect(link).not.toHaveProperty('absences');
  });

  it('is believed where others are seen, after a look at one', async () => {
    const { made, looks } = await unanswered([CASE, OTHER_CASE], 'what is known');

    expect(made[2]).toEqual(made[1]);
    expect(looks[0]).toEqual({ kind: 'ticket', externalId: `made-${made[0]!.record}` });
  });

  it('is believed where nothing is known to be there', async () => {
    const { made, looks } = await unanswered([CASE], 'nothing');

    expect(made[1]).toEqual(made[0]);
    expect(looks).toEqual([]);
  });

  it('is of no matter where what is sent again makes no second one', async () => {
    const { made } = await unanswered([CASE, OTHER_CASE], 'nothing', 'unique');

    expect(made[2]).toEqual(made[1]);
  });
});

describe('a case of unknown fate, set aside because nothing is seen of what is known to be there', () => {
  const known = [CASE, OTHER_CASE];

  it('goes on at once where its own event tells what it became', async () => {
    const { hub, made, parked } = await unanswered(known, 'nothing');
    const [marker, { clock }] = [made[1]!.record, hub];
    const its = { externalId: `made-${marker}` as ExternalId, marker, authorship: 'hub' } as const;
    const version = { source: 'any', value: clock.now() } as const;

    await hub.hear({ ...CASE, ...its, version }, RIGHT);
    await hub.hear({
      ...OTHER_CASE,
      version: { ...version, value: 2 },
      fields: { ...CASE.fields, subject: 'a' },
    });
    await hub.work(5_000);

    expect(await parked()).toEqual([]);
    expect(made[2]).toMatchObject({ operation: 'update', fields: { subject: 'a' } });
    expect((await ticketOf(hub)).lanes[RIGHT]!.link).not.toHaveProperty('absences');
  });

  /** So long that nobody looks by himself any more. */
  async function forLong() {
    const there = await unanswered(known, 'nothing');
    for (let times = 0; times < 10; times += 1) await there.passTime();
    return there;
  }

  it('is looked for once more when it is replayed, and then is for people to say: a second replay makes it', async () => {
    const { made, parked, replay, searched } = await forLong();
    expect(await parked()).toMatchObject([{ cause: 'unseen' }]);
    const before = searched();

    await replay();
    expect(searched()).toBe(before + 1);
    expect(await parked()).toMatchObject([{ cause: 'doubtful' }]);
    expect(made).toHaveLength(2);

    await replay();
    expect(await parked()).toEqual([]);
    expect(made[2]).toMatchObject({ operation: 'create', record: made[1]!.record });
    expect(made).toHaveLength(3);
  });

  it('is found by a replay once all is seen again', async () => {
    const { made, parked, replay } = await forLong();

    await replay('all');

    expect(await parked()).toEqual([]);
    expect(made).toHaveLength(2);
  });
});

describe('a search that its vendor refuses', () => {
  it('is made once, and the case waits for people, who see what was said', async () => {
    const { made, parked, searched } = await unanswered([CASE], 'refused');

    expect(searched()).toBe(1);
    expect(await parked()).toMatchObject([{ cause: 'rejected', code: 'ACL' }]);
    expect(made).toHaveLength(1);
  });

  it('is made again when it is replayed', async () => {
    const { hub, made, parked, replay } = await unanswered([CASE], 'refused');

    await replay('all');

    expect(await parked()).toEqual([]);
    expect(made).toHaveLength(1);
    expect((await ticketOf(hub)).lanes[RIGHT]!.link.externalId).toBe(`made-${made[0]!.record}`);
  });
});
