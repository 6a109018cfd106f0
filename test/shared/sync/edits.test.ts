import { describe, expect, it } from 'vitest';
import type { Fields } from '../../../shared/domain/index.ts';
import type { FieldPolicy } from '../../../shared/ports/index.ts';
import { absorb } from '../../../shared/sync/merge.ts';
import { needOf } from '../../../shared/sync/need.ts';
import { policyOf } from '../../../shared/sync/policy.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import type { Link } from '../../../shared/sync/state.ts';
import { commentScene } from './comment-scene.ts';
import { deskPlace, ticketScene } from './scenes.ts';
import { seen } from './seen.ts';

/** A desk whose mapping writes some of its fields, or understands some of its words, only. */
function deskThat(mapping: { project?: (fields: Fields) => Fields; interpret?: (raw: Fields) => Fields }) {
  const place = deskPlace();
  const { project = (fields) => fields, interpret = (raw) => raw } = mapping;
  return {
    ...place,
    mapping: {
      ...place.mapping,
      project: (record: { fields: Fields }) => project(record.fields),
      interpret: (_kind: string, raw: Fields) => interpret(raw),
    },
  };
}
const without = (name: string) => (fields: Fields) =>
  Object.fromEntries(Object.entries(fields).filter(([field]) => field !== name));

function under(scene: Scene, policy: FieldPolicy): Scene {
  const rules = { ...scene.around.rules, policyFor: () => policyOf(policy) };
  return { ...scene, around: { ...scene.around, rules } };
}
/** The record has been set to something that the copy has not been told of yet. */
const unsent = (priority: string, link: Partial<Link> = {}) =>
  ticketScene({
    fields: { priority },
    link: {
      sent: { subject: 'printer', priority: 'low' },
      got: { subject: 'printer', priority: 'low' },
      ...link,
    },
  });

describe('an edit', () => {
  it('that says what the record says by now is noted, and leaves nothing to write', () => {
    const scene = unsent('high');

    expect(absorb(scene, seen({ priority: 'high' }))).toEqual({ applied: 0, noted: 1 });

    expect(scene.link.sent.priority).toBe('high');
    expect(scene.tree.losses).toEqual([]);
  });

  it('that loses is noted, and the copy is to be written again', () => {
    const scene = under(unsent('urgent'), { use: 'side', side: 'hub record' });

    expect(absorb(scene, seen({ priority: 'high' }))).toEqual({ applied: 0, noted: 1 });

    expect(scene.link.sent).not.toHaveProperty('priority');
    expect(scene.tree.losses).toMatchObject([
      { lost: 'high', lostBy: 'vendor:desk', kept: 'urgent', keptBy: 'hub' },
    ]);
  });

  it('that loses against nothing has the copy emptied again, and is a conflict until it is', () => {
    const link = { sent: { subject: 'printer' }, got: { subject: 'printer', priority: 'low' } };
    const scene = under(ticketScene({ fields: { priority: null }, link }), {
      use: 'side',
      side: 'hub record',
    });
    expect(needOf(scene)).toBe('update');

    expect(absorb(scene, seen({ priority: 'high' }))).toEqual({ applied: 0, noted: 1 });

    expect(needOf(scene)).toBe('update');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: null }]);
  });

  it('that wins over what nobody is known to have set took it from the hub, as of its making', () => {
    const scene = unsent('urgent');

    expect(absorb(scene, seen({ priority: 'high' }))).toEqual({ applied: 1, noted: 0 });

    expect(scene.tree.losses).toEqual([
      {
        record: 'ticket-1',
        field: 'priority',
        lost: 'urgent',
        lostBy: 'hub',
        lostAtMs: 10_000,
        kept: 'high',
        keptBy: 'vendor:desk',
        policy: 'newest',
        why: 'set later',
      },
    ]);
  });

  it('in a word that means nothing here is no conflict', () => {
    const scene = unsent('urgent');
    const place = deskThat({ interpret: without('priority') });

    expect(absorb({ ...scene, place }, seen({ priority: 'P9' }))).toEqual({ applied: 0, noted: 1 });

    expect(scene.tree.losses).toEqual([]);
    expect(scene.record.fields.priority).toBe('urgent');
  });
});

describe('an edit of a field that is only read here', () => {
  const place = deskThat({ project: without('priority') });
  const read = (record: string, link: Partial<Link>) => {
    // Of what is only read nothing has ever been sent.
    const scene = { ...unsent(record, { sent: { subject: 'printer' }, ...link }), place };
    const merged = absorb(scene, seen({ priority: 'high' }));
    return { merged, losses: scene.tree.losses, value: scene.record.fields.priority };
  };
  const taken = { applied: 1, noted: 0 };

  it('is taken where the record still holds what it was made on', () => {
    expect(read('low', {})).toEqual({ merged: taken, losses: [], value: 'high' });
  });

  it('is taken where nothing is known of what it was made on', () => {
    expect(read('urgent', { got: {} })).toEqual({ merged: taken, losses: [], value: 'high' });
  });

  it('is taken then whatever the mapping makes of nothing', () => {
    const interpret = (raw: Fields) => ({ priority: 'normal', ...raw });
    const desk = deskThat({ project: without('priority'), interpret });
    const scene = { ...unsent('urgent', { got: {} }), place: desk };

    absorb(scene, seen({ priority: 'high' }));

    expect(scene.tree.losses).toEqual([]);
  });

  it('is a conflict where the record has been set to something else', () => {
    expect(read('urgent', {})).toMatchObject({ merged: taken, losses: [{ lost: 'urgent', kept: 'high' }] });
  });

  it('is taken where what it was made on meant nothing here', () => {
    const scene = unsent('urgent');
    const interpret = (raw: Fields) => (raw.priority === 'low' ? without('priority')(raw) : raw);
    const desk = deskThat({ project: without('priority'), interpret });

    absorb({ ...scene, place: desk }, seen({ priority: 'high' }));

    expect(scene.record.fields.priority).toBe('high');
    expect(scene.tree.losses).toEqual([]);
  });
});

describe('an edit of a comment that may stand there no more', () => {
  it('is taken like any, until the copy is withdrawn', () => {
    const place = deskPlace();
    const channel = { ...place, manifest: { ...place.manifest, isCustomerVisible: true } };
    const scene = commentScene({ place: channel, comment: { visibility: 'internal' } });

    expect(absorb(scene, seen({ body: 'it smokes' }))).toEqual({ applied: 1, noted: 0 });

    expect(scene.record.fields.body).toBe('it smokes');
    expect(scene.tree.losses).toEqual([]);
  });
});

describe('what a merge of two edits leaves in the journal', () => {
  const merged = (record: string, edit: string) => {
    const sets = { sent: { priority: 'a' }, got: { priority: 'a' } };
    const scene = under(unsent(record, sets), { use: 'set' });
    const end = absorb(scene, seen({ priority: edit }));
    return { end, value: scene.record.fields.priority, losses: scene.tree.losses, sent: scene.link.sent };
  };

  it('is both sides’ value, where neither is what stands now', () => {
    const { end, value, losses, sent } = merged('a;x', 'a;y');

    expect({ end, value }).toEqual({ end: { applied: 1, noted: 0 }, value: 'a;x;y' });
    expect(losses.map(({ lost, kept, keptBy }) => ({ lost, kept, keptBy }))).toEqual([
      { lost: 'a;x', kept: 'a;x;y', keptBy: 'hub' },
      { lost: 'a;y', kept: 'a;x;y', keptBy: 'hub' },
    ]);
    expect(sent).not.toHaveProperty('priority');
  });

  it('is the other’s alone, where one side has it all', () => {
    expect(merged('a;x', 'a;x;y').losses).toMatchObject([{ lost: 'a;x', kept: 'a;x;y' }]);
    expect(merged('a;x', 'a;x;y').sent.priority).toBe('a;x;y');
  });

  it('is the edit alone where the record has it all, and the copy is to be written again', () => {
    const { end, value, losses, sent } = merged('a;x;y', 'a;x');

    expect({ end, value }).toEqual({ end: { applied: 0, noted: 1 }, value: 'a;x;y' });
    expect(losses).toMatchObject([{ lost: 'a;x', kept: 'a;x;y' }]);
    expect(sent).not.toHaveProperty('priority');
  });
});
