import { describe, expect, it } from 'vitest';
import { catalog } from '../../functions/catalog.ts';
import { CAPABILITIES, type Ran, unproven } from './integration/capabilities.ts';

const ran: readonly Ran[] = [
  { kind: 'comment', title: 'announces a person’s object by the id it is read under, its root with it' },
];

describe('capabilities a manifest may declare', () => {
  it('are known words, each with rules that exercise it', () => {
    const declared = catalog.flatMap(({ capabilities }) => capabilities);

    expect([...new Set(declared)].sort()).toEqual(Object.keys(CAPABILITIES).sort());
  });

  it.each([
    ['one nobody knows', ['telepathy'], ['telepathy']],
    ['one whose rules did not run', ['delta-sync', 'threads'], ['delta-sync']],
    ['one whose rules ran in part', ['messages'], ['messages']],
    ['one that is exercised', ['threads'], []],
  ])('are refused when they are %s', (_, capabilities, refused) => {
    expect(unproven({ capabilities }, ran)).toEqual(refused);
  });
});
