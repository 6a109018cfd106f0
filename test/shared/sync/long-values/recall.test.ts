import { describe, expect, it } from 'vitest';
import { Recall } from '../../../../shared/sync/long-values/recall.ts';

const MOST = 1_000;
const key = (of: number) => ({ pk: 'acme#root#r1', sk: `child#${of}` });
const standing = (hash: string) => new Map([[hash, 1]]);

describe('what is recalled of items', () => {
  it('is each item’s own, and of that version alone', () => {
    const recall = new Recall();
    recall.note(key(1), 4, standing('a'));
    recall.note({ ...key(1), pk: 'acme#root#r2' }, 4, standing('b'));

    expect(recall.of(key(1), 4)).toEqual(standing('a'));
    expect(recall.of(key(1), 5)).toBeUndefined();
    expect(recall.of(key(2), 4)).toBeUndefined();
  });

  it('is gone once forgotten: an item removed and made anew begins at its first version again', () => {
    const recall = new Recall();
    recall.note(key(1), 1, standing('a'));

    recall.forget(key(1));

    expect(recall.of(key(1), 1)).toBeUndefined();
  });

  it('is of the last thousand met, whoever they are: a function that lives long holds no more', () => {
    const recall = new Recall();
    for (let at = 0; at < MOST; at += 1) recall.note(key(at), 1, standing('a'));
    expect(recall.of(key(0), 1)).toBeDefined();

    recall.note(key(0), 2, standing('b'));
    recall.note(key(MOST), 1, standing('a'));

    expect(recall.of(key(0), 2)).toEqual(standing('b'));
    expect(recall.of(key(1), 1)).toBeUndefined();
    expect(recall.of(key(2), 1)).toBeDefined();
    expect(recall.of(key(MOST), 1)).toBeDefined();
  });
});
