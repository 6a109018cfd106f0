import { describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../shared/domain/index.ts';
import type { FieldRule } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { type Profile, SALESFORCE_LIKE } from '../vendor/profile.ts';
import { converge, isHeldBy } from './converge.ts';
import type { Family } from './families.ts';

/** A subject that is in brackets there, read without them where it has any. */
const BRACKETED: FieldRule = {
  field: 'subject',
  vendorField: 'subject',
  direction: 'both',
  transforms: [
    { use: 'expression', out: '"<" & $ & ">"', in: '$substringBefore($substringAfter($, "<"), ">")' },
  ],
};

/** Whether a copy from before the brackets, as its vendor would have what it was given, is in step with its record. */
function isHeld(normaliser: Profile['normaliser'], stands: string): boolean {
  const world = quietWorld([{ profile: { ...SALESFORCE_LIKE, hasDocument: true, normaliser } }]);
  const [site] = world.sites;
  const { vendor, documents } = site!;
  const object = vendor.create({ kind: 'ticket', fields: { subject: stands }, by: 'hub' });
  const rules = [BRACKETED];
  documents.push({
    document: { version: 1, kinds: { ticket: { rules } } },
    fromMs: world.scheduler.clock.now(),
  });
  return isHeldBy(world, 'ticket', 'subject', { subject: 'printer' }, { site: site!, object, isLive: true });
}

describe('isHeldBy: what stood there before its field was to hold other words', () => {
  it.each<[string, Profile['normaliser'], string, boolean]>([
    ['means the same still, as its vendor has put it', 'newline', 'printer', true],
    ['does not where it says something else', 'newline', 'plotter', false],
    ['does not where what was added is no doing of its vendor’s', 'none', 'printer\n', false],
  ])('%s', (_what, normaliser, stands, held) => {
    expect(isHeld(normaliser, stands)).toBe(held);
  });
});

/** Two copies of a record whose priority neither of their documents has a word for any more; `P2` was it at both. */
function inWords(words: readonly FieldValue[], priority: FieldValue = 'normal') {
  const documented = { profile: { ...SALESFORCE_LIKE, hasDocument: true as const } };
  const world = quietWorld([documented, documented]);
  const meant = [
    { urgent: 'P2', high: 'P1', low: 'P4' },
    { high: 'P2', urgent: 'P3', low: 'P1' },
  ];
  const copies = world.sites.map((site, at) => {
    const { vendor, documents } = site;
    const object = vendor.create({ kind: 'ticket', fields: { priority: words[at]! }, by: 'hub' });
    const values = Object.entries(meant[at]!).map(([hub, word]) => ({ hub, vendor: [word] }));
    const rule: FieldRule = { field: 'priority', vendorField: 'priority', direction: 'both', values };
    const document = { version: 1, kinds: { ticket: { rules: [rule] } } };
    documents.push({ document, fromMs: world.scheduler.clock.now() });
    return { site, object, isLive: true };
  });
  const record = { id: 'r', kind: 'ticket', fields: { priority } };
  const notes = { record, root: { lanes: {} }, journal: [], records: new Set(['r']), link: () => undefined };
  const family = { kind: 'ticket', mark: 1, copies, notes } as unknown as Family;
  return converge(world, [family]).map(({ what }) => what);
}

describe('converge: a value that its copies have no word for any more', () => {
  it('is what they say who were given it, whatever that means there now', () => {
    expect(inWords(['P2', 'P2'])).toEqual([]);
  });

  it.each<[string, readonly FieldValue[], FieldValue]>([
    ['says something that was never it', ['P2', 'P1'], 'normal'],
    ['is given a word for another', ['P2', 'P2'], 'high'],
  ])('excuses no copy that %s', (_what, words, priority) => {
    expect(inWords(words, priority)).toContainEqual(
      expect.stringContaining('.priority: v0 has "P2", v1 has'),
    );
  });
});
