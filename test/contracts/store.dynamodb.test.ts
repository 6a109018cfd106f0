import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dynamoStore } from '../../shared/adapters/aws/store.ts';
import { systemClock, systemRandom } from '../../shared/adapters/aws/system.ts';
import { longValues } from '../../shared/sync/index.ts';
import { enginesHere, isOnPath, type RunningDynamoDb } from '../shared/adapters/aws/dynamodb.ts';
import { describeStore } from './store.ts';

const engines = enginesHere();

describe('store on DynamoDB: engines', () => {
  it('are the local hub’s own and, where Java is present, AWS’s DynamoDB Local: neither drops out unseen', () => {
    const names = engines.map(({ name }) => name);
    console.info(`storage contract runs on: ${names.join(', ')}`);

    const expected = [
      ...(`${process.platform}-${process.arch}` === 'linux-x64' ? ['dynoxide'] : []),
      ...(isOnPath('java') ? ['DynamoDB Local'] : []),
    ];
    expect(names).toEqual(expected);
    expect(names).not.toEqual([]);
  });
});

for (const engine of engines) {
  describe(engine.name, () => {
    let running: RunningDynamoDb;
    let table: string;
    beforeAll(async () => {
      running = await engine.start();
      table = await running.createTable();
    });
    afterAll(() => running.close());

    const store = () =>
      dynamoStore({ table, clock: systemClock, random: systemRandom, client: running.client });
    describeStore(`on ${engine.name}`, async () => ({ store: store(), now: systemClock.now }));
    const bounds = { longOverBytes: 3, itemBytes: 200 * 1_024 };
    describeStore(
      `on ${engine.name}, texts beside their items`,
      async () => ({ store: longValues(store(), { bounds, holds: () => true }), now: systemClock.now }),
      { keepsTexts: false },
    );
  });
}
