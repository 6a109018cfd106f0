import { describe, expect, it } from 'vitest';
import { heardFrom, keepHeard } from '../../../shared/sync/heard.ts';
import type { Heard } from '../../../shared/sync/state.ts';
import { ticketScene } from './scenes.ts';
import { seen } from './seen.ts';

const told = (priority: string, atMs: number, more: Partial<Heard> = {}): Heard => ({
  fields: { priority },
  atMs,
  authorship: 'unknown',
  ...more,
});

describe('what is heard and cannot be judged yet', () => {
  it('is kept, the last eight', () => {
    const { link } = ticketScene({});

    for (let atMs = 1; atMs <= 10; atMs += 1) keepHeard(link, told('high', atMs));

    expect(link.heard?.map(({ atMs }) => atMs)).toEqual([3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is kept while few have told of one of its fields since, whatever was told of others', () => {
    const { link } = ticketScene({});
    const both = { fields: { priority: 'low', subject: 'scanner' } };

    keepHeard(link, told('low', 1));
    keepHeard(link, told('low', 2, both));
    for (let atMs = 3; atMs <= 12; atMs += 1) keepHeard(link, told('high', atMs));

    expect(link.heard?.map(({ atMs }) => atMs)).toEqual([2, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('is kept for one of its fields, though another says the same ever since', () => {
    const { link } = ticketScene({});

    keepHeard(link, told('high', 1, { fields: { priority: 'high', subject: 'scanner' } }));
    for (let atMs = 2; atMs <= 12; atMs += 1) keepHeard(link, told('high', atMs));

    expect(link.heard?.map(({ atMs }) => atMs)).toEqual([1, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('is kept where it told last of what another value was told after, however often that was', () => {
    const { link } = ticketScene({});

    for (const atMs of [1, 2]) keepHeard(link, told('low', atMs));
    for (let atMs = 3; atMs <= 12; atMs += 1) keepHeard(link, told('high', atMs));

    expect(link.heard?.map(({ atMs }) => atMs)).toEqual([2, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('is kept so of the last eight values', () => {
    const { link } = ticketScene({});
    const values = Array.from({ length: 10 }, (_, at) => `p${at}`);

    for (const [at, value] of values.entries()) keepHeard(link, told(value, at));
    for (let atMs = 10; atMs <= 19; atMs += 1) keepHeard(link, told('p10', atMs));

    const kept = link.heard?.map(({ atMs }) => atMs);
    expect(kept).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 12, 13, 14, 15, 16, 17, 18, 19]);
  });

  it('is kept so whatever is told of another field between them', () => {
    const { link } = ticketScene({});

    keepHeard(link, told('low', 1));
    for (let atMs = 2; atMs <= 17; atMs += 2) {
      keepHeard(link, told('high', atMs));
      keepHeard(link, told('', atMs + 1, { fields: { subject: 'scanner' } }));
    }

    expect(link.heard?.map(({ atMs }) => atMs)).toContain(1);
  });

  it('is kept, the last eight, also of what says only that there is news', () => {
    const { link } = ticketScene({});
    const news = { fields: {} };

    for (let atMs = 1; atMs <= 9; atMs += 1) keepHeard(link, told('', atMs, news));
    keepHeard(link, told('high', 10));

    expect(link.heard?.map(({ atMs }) => atMs)).toEqual([2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('is kept once, when first heard, however often it is told again', () => {
    const { link } = ticketScene({});

    for (const receivedAtMs of [21, 22]) keepHeard(link, told('high', 20, { receivedAtMs }));
    keepHeard(link, told('low', 30));
    keepHeard(link, told('high', 20, { receivedAtMs: 31 }));
    keepHeard(link, told('high', 20, { isExact: true }));

    expect(link.heard).toEqual([
      told('high', 20, { receivedAtMs: 21 }),
      told('low', 30),
      told('high', 20, { isExact: true }),
    ]);
  });

  it('is kept with all it tells, and nothing it does not', () => {
    const all = seen(
      { priority: 'high' },
      { receivedAtMs: 1, fieldTimesMs: { priority: 2 }, isExact: false },
    );

    expect(heardFrom(all)).toStrictEqual({ ...all });
    expect(heardFrom(seen({ priority: 'high' }, { version: undefined }))).toStrictEqual(told('high', 60_000));
  });
});
