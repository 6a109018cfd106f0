import { describe, expect, it } from 'vitest';
import { unitsOf } from './units.ts';

const item = (kilobytes: number, more = {}) => ({
  pk: { S: 'p' },
  data: { S: 'x'.repeat(kilobytes * 1_024 - 7) },
  ...more,
});
const asked = (operation: string, input: object) => unitsOf(operation, JSON.stringify(input));

describe('bench: what calls to the tables cost', () => {
  it('counts a write by its kilobytes, and its entries in the indexes', () => {
    const placed = { listedIn: { S: '' }, dueList: { S: '' } };

    expect(asked('PutItem', { Item: item(2) })).toEqual({ reads: 0, writes: 2 });
    expect(asked('PutItem', { Item: item(3, placed) })).toEqual({ reads: 0, writes: 4 + 1 + 1 });
    expect(asked('DeleteItem', {})).toEqual({ reads: 0, writes: 1 });
  });

  it('counts what a transaction writes double', () => {
    const TransactItems = [{ Put: { Item: item(1) } }, { Put: { Item: item(2) } }, { ConditionCheck: {} }];

    expect(asked('TransactWriteItems', { TransactItems })).toEqual({ reads: 0, writes: 2 + 4 + 2 });
  });

  it('counts a read by the key', () => {
    expect(asked('GetItem', {})).toEqual({ reads: 1, writes: 0 });
    expect(asked('BatchGetItem', { RequestItems: { a: { Keys: [1, 2] }, b: { Keys: [3] } } })).toEqual({
      reads: 3,
      writes: 0,
    });
  });
});
