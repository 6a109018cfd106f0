import { describe, expect, it } from 'vitest';
import type { Observation } from '../../../shared/ports/index.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { seenTicket, ticketScene } from './scenes.ts';
import { version } from './seen.ts';

const SAID = { fields: { priority: 'low' }, isComplete: false, authorship: 'other' } as const;

/** The hub has set the priority to high, and not written it yet: the copy has it low. */
function heard(o: Partial<Observation>, setAtMs = 55_000) {
  const held = { subject: 'printer', priority: 'low' };
  const scene = ticketScene({
    fields: { priority: 'high' },
    provenance: { priority: { source: 'hub', actor: 'agent:one', fromMs: setAtMs, toMs: setAtMs } },
    link: { sent: { ...held }, got: { ...held }, met: { atMs: 50_000, version: version(5) } },
  });
  return { ...scene, end: observeCopy(scene, seenTicket({ ...SAID, ...o })) };
}

describe('what stands there and is said again', () => {
  it('is an edit like any, where an event says that a person did', () => {
    const { end, record, tree } = heard({});

    expect(end).toBe('applied');
    expect(record.fields.priority).toBe('low');
    expect(tree.losses).toMatchObject([{ field: 'priority', lost: 'high', kept: 'low' }]);
  });

  it('loses to what was set later, and is kept', () => {
    const { end, record, tree } = heard({}, 70_000);

    expect(end).toBe('echo');
    expect(record.fields.priority).toBe('high');
    expect(tree.losses).toMatchObject([{ field: 'priority', lost: 'low', kept: 'high' }]);
  });

  it.each<[string, Partial<Observation>]>([
    ['by nobody it names', { authorship: 'unknown' }],
    ['by our own hand', { authorship: 'hub' }],
    [
      'in a whole state, which does not say what was changed',
      { isComplete: true, fields: { subject: 'printer', ...SAID.fields } },
    ],
    ['of the moment at which it was looked at', { version: version(5), atMs: 50_000 }],
  ])('is no news %s', (_what, o) => {
    const { end, record, tree } = heard(o);

    expect(end).toBe('echo');
    expect(record.fields.priority).toBe('high');
    expect(tree.losses).toEqual([]);
  });

  it('is so once: told again it is no news', () => {
    const first = heard({}, 70_000);
    first.tree.losses.length = 0;

    expect(observeCopy(first, seenTicket(SAID))).toBe('echo');
    expect(first.tree.losses).toEqual([]);
  });
});
