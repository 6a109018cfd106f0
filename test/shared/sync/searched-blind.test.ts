import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { CopyRef, RemoteChange } from '../../../shared/ports/index.ts';
import { type Creation, SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { CASE, hubOver, LEFT, parkedOf, RIGHT, type Site, settled, ticketOf } from './hub.ts';

const error = new ProviderUnavailableError('the answer was lost');
const OTHER_CASE = { ...CASE, externalId: 'case-2' as ExternalId };
type Sight = 'nothing' | 'what is known' | 'all';

/** Cases are made at a desk that answers of all but the last; once that was sent, this is what is seen. */
async function unanswered(cases: readonly (typeof CASE)[], atFirst: Sight, creation: Creation = 'find') {
  const made: RemoteChange[] = [];
  const looks: CopyRef[] = [];
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
    find: async (record) => (sight === 'all' ? shown(`made-${record}` as ExternalId) : undefined),
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
  const regrant = async () => {
    sight = 'all';
    await hub.engine.sweep();
    await hub.work(120_000);
  };
  return { hub, made, looks, regrant, parked: () => parkedOf(hub) };
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
