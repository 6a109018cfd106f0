import { beforeEach, describe, expect, it } from 'vitest';
import type { ConnectionId, ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { RemoteChange } from '../../../shared/ports/index.ts';
import { SALESFORCE_LIKE, SLACK_LIKE } from '../../simulation/vendor/profile.ts';
import { hubOver } from './hub.ts';

const [CHAT, DESK] = ['chat' as ConnectionId, 'desk' as ConnectionId];
const THREAD = 'thread-1' as ExternalId;
const CASE = 'case-1' as ExternalId;
const NOTE = 'note-1' as ExternalId;

/** A thread in a channel with its case in a connector; what is said to the channel never arrives there. */
function desks() {
  const said: RemoteChange[] = [];
  const error = new ProviderUnavailableError('the answer was lost');
  const hub = hubOver({
    [CHAT]: {
      profile: SLACK_LIKE,
      port: {
        find: async () => undefined,
        write: async (change) => {
          said.push(change);
          return { outcome: 'uncertain', error };
        },
      },
    },
    [DESK]: {
      profile: SALESFORCE_LIKE,
      port: { write: async () => ({ outcome: 'settled', externalId: CASE }) },
    },
  });
  return { ...hub, said };
}

let world: ReturnType<typeof desks>;
beforeEach(async () => {
  world = desks();
  await world.hear({ kind: 'ticket', externalId: THREAD, fields: { description: 'My lamp is dark' } });
  await world.work();
});

const note = (visibility: 'public' | 'internal', version: number, body: string) => ({
  kind: 'comment' as const,
  externalId: NOTE,
  rootExternalId: CASE,
  version: { source: 'stamp', value: version },
  fields: { body },
  visibility,
});
const bodies = () => world.said.map(({ fields }) => fields.body);

describe('reconcile: a doubtful creation in a channel', () => {
  it('is sent again while it may still be said', async () => {
    await world.hear(note('public', 1, 'We are on it'), DESK);
    await world.work(120_000);

    expect(new Set(bodies())).toEqual(new Set(['We are on it']));
    expect(bodies().length).toBeGreaterThan(1);
  });

  it('is not sent again once the comment has been made internal (invariant 7)', async () => {
    await world.hear(note('public', 1, 'The customer is wrong'), DESK);
    await world.work();
    expect(bodies()).toEqual(['The customer is wrong']);

    await world.hear(note('internal', 2, 'The customer is wrong'), DESK);
    await world.work(600_000);

    expect(bodies()).toEqual(['The customer is wrong']);
  });

  it('is not sent again once the comment has been deleted', async () => {
    await world.hear(note('public', 1, 'Oops'), DESK);
    await world.work();
    await world.hear({ ...note('public', 2, 'Oops'), fields: {}, life: 'deleted' }, DESK);
    await world.work(600_000);

    expect(bodies()).toEqual(['Oops']);
  });
});
