import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Observation, RemoteChange } from '../../../shared/ports/index.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { CASE, hubOver, LEFT, NOTE, parkedOf, RIGHT, type Site, settled, ticketOf } from './hub.ts';

const error = new ProviderUnavailableError('the answer was lost');
const MADE = 'made-1' as ExternalId;

type Told = 'deleted' | 'undeleted';

/** A comment whose creation is not answered, in a case that is told to have been in the bin meanwhile; a search shows nothing. */
async function unanswered(told: readonly Told[], merges: { merges?: true }, by: 'find' | 'unique' = 'find') {
  const written: RemoteChange[] = [];
  let isOver = false;
  const seen = (): Observation => ({
    ...CASE,
    externalId: MADE,
    authorship: 'hub',
    atMs: hub.clock.now(),
    version: { source: 'any', value: hub.clock.now() },
    isComplete: true,
  });
  const port: Site['port'] = {
    read: async ({ kind }) =>
      kind === 'ticket' ? { state: 'present', observation: seen() } : { state: 'absent' },
    find: async () => undefined,
    write: async (change) => {
      written.push(change);
      if (change.kind === 'ticket' && change.operation === 'create')
        return { outcome: 'settled', externalId: MADE };
      return change.kind === 'comment' && !isOver ? { outcome: 'uncertain', error } : settled(change);
    },
  };
  const profile = { ...SALESFORCE_LIKE, commentCreation: by, requestLifetimeMs: 20_000, ...merges } as const;
  const hub = hubOver({
    [LEFT]: { profile: SALESFORCE_LIKE, port: {} },
    [RIGHT]: { profile, port },
  });
  await hub.hear(CASE);
  await hub.hear(NOTE);
  await hub.work(5_000);
  expect((await ticketOf(hub)).lanes[RIGHT]).toMatchObject({ pending: { isDoubtful: true } });
  for (const life of told) {
    hub.clock.advance(2_000);
    await hub.hear({ ...seen(), life }, RIGHT);
  }
  isOver = true;
  await hub.work(120_000);
  const comments = written.flatMap(({ kind, record }) => (kind === 'comment' ? [record] : []));
  return { comments, parked: await parkedOf(hub) };
}

describe('a comment of unknown fate in a case that was in the bin meanwhile, and stands there again', () => {
  it.each<[string, readonly Told[]]>([
    ['as is told', ['deleted', 'undeleted']],
    ['as is told of its return alone', ['undeleted']],
    ['as a look shows', ['deleted']],
  ])('may have been moved by a merge, and people are asked: %s', async (_how, told) => {
    const { comments, parked } = await unanswered(told, { merges: true });

    expect(comments).toHaveLength(1);
    expect(parked).toMatchObject([{ cause: 'doubtful' }]);
  });

  it.each<[string, Parameters<typeof unanswered>]>([
    ['where nothing is merged', [['deleted', 'undeleted'], {}]],
    ['where it never was away', [[], { merges: true }]],
    ['where what is sent again makes no second one', [['deleted', 'undeleted'], { merges: true }, 'unique']],
  ])('is sent again %s', async (_where, given) => {
    const { comments, parked } = await unanswered(...given);

    expect(comments.length).toBeGreaterThan(1);
    expect(parked).toEqual([]);
  });
});
