import { describe, expect, it } from 'vitest';
import { capabilityTable, withCapabilities } from '../../bin/capabilities.ts';
import { catalog } from '../../functions/catalog.ts';
import { manifest as slack } from '../../functions/channels/slack/manifest.ts';
import type { CreationCapability, Manifest } from '../../shared/ports/index.ts';

const creating = (creation: CreationCapability | undefined): Manifest => {
  const { creation: _, ...comment } = slack.kinds.comment!;
  return { ...slack, kinds: { comment: { ...comment, ...(creation && { creation }) } } };
};

describe('the capability table', () => {
  it('has a row for each kind of each integration', () => {
    const rows = capabilityTable(catalog)
      .split('\n')
      .filter((line) => line.includes(' → ') && !line.startsWith('| integration'));

    expect(rows).toHaveLength(catalog.flatMap(({ kinds }) => Object.keys(kinds)).length);
    expect(rows[0]).toContain(`**${catalog[0]?.name}** ${catalog[0]?.version}`);
  });

  it.each([
    [{ by: 'unique' }, 'once, by a unique key'],
    [{ by: 'find', searchLagMs: 2_000 }, 'once, found by its marker within 2 s'],
    [{ by: 'none' }, 'once, a doubtful one parks and asks'],
    [undefined, '| never |'],
  ] as const)('says how a copy is made: %j', (creation, expected) => {
    expect(capabilityTable([creating(creation)])).toContain(expected);
  });

  it('names the gaps no mechanism of the vendor can close', () => {
    const gaps = ['An edit within the same second may be missed.'];
    const open: Manifest = { ...slack, kinds: { comment: { ...slack.kinds.comment!, gaps } } };

    expect(capabilityTable([open])).toContain(`  - known gap, message: ${gaps[0]}\n`);
  });

  it('replaces what stands between its markers, and nothing else', () => {
    const readme = 'before\n<!-- capabilities:begin -->\nold\n<!-- capabilities:end -->\nafter\n';

    const once = withCapabilities(readme, catalog);

    expect(once).toMatch(/^before\n<!-- capabilities:begin -->\n\| integration/);
    expect(once).toMatch(/<!-- capabilities:end -->\nafter\n$/);
    expect(withCapabilities(once, catalog)).toBe(once);
  });

  it('refuses a README without markers', () => {
    expect(() => withCapabilities('no markers', catalog)).toThrow(/expected <!-- capabilities:begin -->/);
  });
});
