import { describe, expect, it } from 'vitest';
import type { FieldRule } from '../../../shared/ports/index.ts';
import { quietWorld } from '../quiet-world.ts';
import { type Profile, SALESFORCE_LIKE } from '../vendor/profile.ts';
import { isHeldBy } from './converge.ts';

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
