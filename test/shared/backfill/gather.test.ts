import { describe, expect, it } from 'vitest';
import { Gathering } from '../../../shared/backfill/gather.ts';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import type { Integration, RemoteChange, RootCreation } from '../../../shared/ports/index.ts';

const creation = (at: number, kind: 'ticket' | 'contact' = 'ticket'): RootCreation => ({
  kind,
  operation: 'create',
  record: `r${at}` as RecordId,
  fields: {},
});
const update = { kind: 'ticket', operation: 'update', record: 'r1', externalId: 'x1', fields: {} } as never;
const settled = ({ record }: { record: RecordId }) =>
  ({ outcome: 'settled', externalId: `x-${record}` as ExternalId }) as const;

const MANY = { account: 10, ticket: 200, contact: 200, comment: 200 };

/** Says of each call what it was asked. */
function vendor() {
  const calls: (readonly string[])[] = [];
  const integration: Integration = {
    check: async () => ({ state: 'healthy', account: 'a' }),
    write: async (change: RemoteChange) => {
      calls.push([`one ${change.operation} ${change.record}`]);
      return settled(change);
    },
    match: async () => undefined,
    together: {
      create: async (changes) => {
        calls.push(changes.map(({ kind, record }) => `${kind} ${record}`));
        return changes.map(settled);
      },
      match: async (_kind, all) => {
        calls.push(all.map(({ email }) => `match ${email}`));
        return all.map(() => undefined);
      },
    },
  };
  return { calls, integration };
}

describe('a gathering', () => {
  it('sends what all of its tasks create in calls of so many, each told its own outcome', async () => {
    const { calls, integration } = vendor();
    const gathering = new Gathering(integration, { ticket: 2, contact: 2, account: 2, comment: 2 });
    const told: unknown[] = [];

    await gathering.run(
      [0, 1, 2, 3, 4].map((at) => async () => {
        for (let turn = 0; turn < at; turn += 1) await new Promise(setImmediate);
        told.push(await gathering.integration.write!(creation(at)));
      }),
    );

    expect(calls).toEqual([['ticket r0', 'ticket r1'], ['ticket r2', 'ticket r3'], ['ticket r4']]);
    expect(told).toEqual([0, 1, 2, 3, 4].map((at) => settled(creation(at))));
  });

  it('waits for no task that ends without asking, or fails', async () => {
    const { calls, integration } = vendor();
    const gathering = new Gathering(integration, MANY);

    const ends = await gathering.run([
      async () => {},
      async () => {
        throw new Error('by itself');
      },
      async () => void (await gathering.integration.write!(creation(1))),
    ]);

    expect(calls).toEqual([['ticket r1']]);
    expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('looks for contacts together, then makes them together, and lets everything else through', async () => {
    const { calls, integration } = vendor();
    const gathering = new Gathering(integration, MANY);

    await gathering.run(
      [1, 2].map((at) => async () => {
        await gathering.integration.match!('contact', { email: `${at}` });
        await gathering.integration.write!(creation(at, 'contact'));
        await gathering.integration.write!({ ...(update as RemoteChange), record: `r${at}` as RecordId });
      }),
    );

    expect(calls).toEqual([
      ['match 1', 'match 2'],
      ['contact r1', 'contact r2'],
      ['one update r1'],
      ['one update r2'],
    ]);
  });

  it('tells each of its tasks of a call that fails', async () => {
    const { integration } = vendor();
    const failing = { ...integration.together!, match: () => Promise.reject(new Error('away')) };
    const gathering = new Gathering({ ...integration, together: failing }, MANY);

    const ends = await gathering.run(
      [1, 2].map(
        (at) => async () => void (await gathering.integration.match!('contact', { email: `${at}` })),
      ),
    );

    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
