import { describe, expect, it } from 'vitest';
import type { MappingDocument } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { SALESFORCE_LIKE } from '../vendor/profile.ts';
import { STANDARD, WITH_DEFAULT } from '../worlds/documents.ts';
import { defaultsOf } from './mapped.ts';

/** What defaults of a ticket's priority cost, by one document after another. */
function defaultsBy(...documents: readonly MappingDocument[]): number {
  const [site] = quietWorld([{ profile: { ...SALESFORCE_LIKE, hasDocument: true } }]).sites;
  const object = site!.vendor.create({ kind: 'ticket', fields: {}, by: 'person' });
  const noted = documents.map((document, at) => ({ document, fromMs: at }));
  return defaultsOf({ site: { ...site!, documents: noted }, object, isLive: true }, 'priority');
}

describe('defaultsOf: what a copy is given where nobody has filled anything in', () => {
  it('is one write, under whichever document there was a default', () => {
    expect(defaultsBy(WITH_DEFAULT)).toBe(1);
    expect(defaultsBy(WITH_DEFAULT, STANDARD)).toBe(1);
    expect(defaultsBy(WITH_DEFAULT, STANDARD, WITH_DEFAULT)).toBe(1);
    expect(defaultsBy(STANDARD)).toBe(0);
  });
});
