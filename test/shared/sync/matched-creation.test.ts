import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../shared/errors.ts';
import type { Observation, RemoteChange, WriteOutcome } from '../../../shared/ports/index.ts';
import { SALESFORCE_LIKE } from '../../simulation/vendor/profile.ts';
import { ACME, CASE, hubOver, LEFT, parkedOf, RIGHT, settled } from './hub.ts';

const MINUTE_MS = 60_000;
const ADA = 'contact-ada' as ExternalId;
const unanswered: WriteOutcome = { outcome: 'uncertain', error: new ProviderUnavailableError('no answer') };
const busy: WriteOutcome = {
  outcome: 'refused',
  why: 'unavailable',
  error: new ProviderUnavailableError('too busy'),
};

/** On the right the first creation of a contact is never answered, and lands only after what is asked next. */
function world(creation: 'unique' | 'none', answers: readonly WriteOutcome[]) {
  const asked: RemoteChange[] = [];
  const landed = new Map<ExternalId, Observation>();
  const land = (change: RemoteChange) => {
    const { kind, fields, record } = change;
    const externalId = ('externalId' in change ? change.externalId : `made-${record}`) as ExternalId;
    const before = landed.get(externalId)?.fields;
    const marker = creation === 'none' || kind === 'attachment' ? {} : { marker: record };
    landed.set(externalId, {
      ...{ kind, externalId, fields: { ...before, ...fields }, ...marker },
      ...{ authorship: 'hub', isComplete: true, atMs: hub.clock.now() },
    });
  };
  const hub = hubOver({
    [LEFT]: { profile: SALESFORCE_LIKE, port: {} },
    [RIGHT]: {
      profile: { ...SALESFORCE_LIKE, creation, hasConditionalWrites: false },
      port: {
        read: async ({ externalId }) => {
          const observation = landed.get(externalId);
          return observation === undefined ? { state: 'absent' } : { state: 'present', observation };
        },
        find: async () => undefined,
        match: async (kind, { email }) =>
          [...landed.values()].find((each) => each.kind === kind && each.fields.email === email),
        write: async (change) => {
          const isOfContact = change.kind === 'contact';
          if (isOfContact) asked.push(change);
          const answer = isOfContact ? answers[asked.length - 1] : undefined;
          if (answer !== undefined) return answer;
          land(change);
          return settled(change);
        },
      },
    },
  });
  const says = (version: number, name: string) =>
    hub.hear({
      ...{ kind: 'contact', externalId: ADA, version: { source: 'any', value: version } },
      fields: { name, email: 'ada@example.com' },
    });
  async function begin(): Promise<void> {
    await says(1, 'Ada');
    await hub.hear({ ...CASE, refersTo: ADA, fields: { ...CASE.fields, requester: ADA } });
    while (asked.length < answers.length) await hub.work(5_000);
    land(asked[0]!);
  }
  return { hub, asked, begin, says };
}

describe('what is matched, and was made by a creation of ours that was never answered', () => {
  it('is our own copy, and given what is said of its record later', async () => {
    const { hub, asked, begin, says } = world('unique', [unanswered, busy]);
    await begin();
    await hub.work(MINUTE_MS);
    expect(asked).toHaveLength(2);

    await says(2, 'Ada, Countess');
    await hub.work(MINUTE_MS);

    expect(asked.slice(2)).toMatchObject([{ operation: 'update', fields: { name: 'Ada, Countess' } }]);
  });

  it('is so where no mark tells, but what was asked for', async () => {
    const { hub, asked, begin, says } = world('none', [unanswered]);
    await begin();
    await hub.work(10 * MINUTE_MS);
    const [parked] = await parkedOf(hub);
    await hub.engine.replay(ACME, parked!.id, 'user:1');
    await hub.work(MINUTE_MS);
    expect(asked).toHaveLength(1);

    await says(2, 'Ada, Countess');
    await hub.work(MINUTE_MS);

    expect(asked.slice(1)).toMatchObject([{ operation: 'update', fields: { name: 'Ada, Countess' } }]);
    expect(await parkedOf(hub)).toEqual([]);
  });
});
