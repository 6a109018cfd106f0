import { describe, expect, it } from 'vitest';
import type { ConnectionId, RecordId } from '../../../shared/domain/index.ts';
import type { FieldRule, Observation } from '../../../shared/ports/index.ts';
import { conclude } from '../../../shared/sync/conclude.ts';
import { needOf } from '../../../shared/sync/need.ts';
import { observeCopy } from '../../../shared/sync/observe-copy.ts';
import { forgetOutgrown } from '../../../shared/sync/outgrown.ts';
import { project } from '../../../shared/sync/projection.ts';
import { type Scene, sceneAt, setValue } from '../../../shared/sync/scene.ts';
import { settleByRead, takeRead } from '../../../shared/sync/settlement.ts';
import { type Given, OLD, priority, SUBJECT, severity, under } from './mapped-scene.ts';
import { parkedAs } from './parked-as.ts';
import { pendingUpdate, seenTicket } from './scenes.ts';

const raw = (fields: Observation['fields'], more: Partial<Observation> = {}): Observation =>
  seenTicket({ fields: { subject: 'printer', priority: 'P3', ...fields }, mapping: 1, ...more });
const present = (observation: Observation) => ({ state: 'present', observation }) as const;

describe('a mapping that decodes the same word differently', () => {
  const scene = () => under({ rules: [SUBJECT, priority({ low: 'P4', high: 'P3' })] });

  it('makes no edit of what stands there', () => {
    const changed = scene();

    expect(observeCopy(changed, raw({}))).toBe('echo');
    expect(changed.record.fields.priority).toBe('low');
  });

  it('takes what a whole state of the old words repeats for nobody’s edit', () => {
    const changed = scene();
    const atMs = changed.link.gotAtMs + 1_000;
    const told = { authorship: 'other', atMs } as const;

    observeCopy(changed, raw({ subject: 'toner' }, { ...told, mapping: 0 }));
    takeRead(changed, present(raw({ subject: 'toner' }, told)));

    expect(changed.record.fields).toMatchObject({ subject: 'toner', priority: 'low' });
  });

  it('has the copy written in the new words', () => {
    const changed = scene();

    expect(needOf(changed)).toBe('update');
    expect(project(changed.record, changed.link, changed.place, undefined, 0)?.priority).toBe('P4');
  });

  it('writes nothing where what stands there still means what the record holds', () => {
    const rules = [SUBJECT, { ...priority({}), values: [{ hub: 'low', vendor: ['P9', 'P3'] }] }];

    expect(needOf(under({ rules }))).toBe('none');
  });

  it('has the copy written where another of two words stands there than was sent, and the two mean the same no more', () => {
    const link = { sent: { subject: 'printer', priority: 'P9' } };
    const scene = under({ rules: [SUBJECT, priority({ low: 'P9', high: 'P3' })], link });

    expect(needOf(scene)).toBe('update');
    expect(scene.record.fields.priority).toBe('low');
  });

  it('writes no text anew that its vendor keeps otherwise than it was sent', () => {
    const link = { got: { subject: 'PRINTER', priority: 'P3' } };

    expect(needOf(under({ rules: OLD, link }))).toBe('none');
  });
});

describe('a mapping that has no word any more for what the record holds', () => {
  const hubWins: FieldRule = {
    ...priority({}),
    values: [{ hub: 'high', vendor: ['P3', 'P1'] }],
    policy: { use: 'side', side: 'hub record' },
  };
  const wordless = (more: Partial<Given> = {}) => under({ rules: [SUBJECT, hubWins], ...more });
  const edited = (scene: Scene) => {
    const told = { authorship: 'other', atMs: scene.link.gotAtMs + 1_000 } as const;
    takeRead(scene, present(raw({ priority: 'P1' }, told)));
    return { priority: scene.record.fields.priority, lost: scene.tree.losses.map(({ lost }) => lost) };
  };

  it('leaves an edit uncontested, whoever wins a conflict: its author saw what the record had given', () => {
    const scene = wordless();

    expect(needOf(scene)).toBe('none');
    expect(edited(scene)).toEqual({ priority: 'high', lost: [] });
  });

  it('has an edit contested by what the record came to hold since', () => {
    const scene = wordless();
    const { tree, record, around } = scene;
    const ann = { source: 'hub', actor: 'ann', fromMs: 60_000, toMs: 60_000 } as const;
    setValue(tree, record, 'priority', 'urgent', ann);
    conclude(tree, scene.place.connection.organization, around);

    expect(edited(scene)).toEqual({ priority: 'urgent', lost: ['high'] });
  });

  it('forgets of what it was given that alone, and not for a change of a comment', () => {
    const scene = wordless();
    const { tree, record, around } = scene;
    const ann = { source: 'hub', actor: 'ann', fromMs: 60_000, toMs: 60_000 } as const;
    tree.changes.push({
      record: 'ticket-1.1' as RecordId,
      kind: 'comment',
      what: 'updated',
      fields: { priority: { from: 'high', to: 'urgent' } },
      source: 'hub',
      actor: 'ann',
    });

    forgetOutgrown(tree, around);
    expect(scene.link.sent).toHaveProperty('priority');

    setValue(tree, record, 'priority', 'urgent', ann);
    setValue(tree, record, 'subject', 'scanner', ann);
    forgetOutgrown(tree, around);
    expect(Object.keys(scene.link.sent)).toEqual(['subject']);
  });

  const set = (source: string, revision: number) => ({
    lane: { want: 3, reached: 1 },
    provenance: {
      priority: { source: source as ConnectionId, actor: 'ann', fromMs: 60_000, toMs: 60_000, revision },
    },
  });

  it('has it contested by what was still to be written', () => {
    expect(edited(wordless(set('hub', 2)))).toEqual({ priority: 'low', lost: ['high'] });
  });

  it('has an edit contested by what it was given where another word has stood there since', () => {
    const link = { sent: { subject: 'printer', priority: 'P9' } };

    expect(edited(wordless({ link }))).toEqual({ priority: 'low', lost: ['high'] });
  });

  it('has it contested by what could not be written while its connection was away', () => {
    const away = { want: 1, reached: 1, parked: parkedAs('unauthorized') };

    expect(edited(wordless({ ...set('hub', 2), lane: away }))).toEqual({ priority: 'low', lost: ['high'] });
  });

  it.each([
    ['written before', 'hub', 1],
    ['had from the copy itself', 'desk', 2],
  ])('leaves it uncontested where that was about something else: this was %s', (_what, source, revision) => {
    expect(edited(wordless(set(source, revision)))).toEqual({ priority: 'high', lost: [] });
  });

  it('leaves it uncontested where the record had it from its beginning', () => {
    expect(edited(wordless({ lane: { want: 2, reached: 0 } }))).toEqual({ priority: 'high', lost: [] });
  });
});

describe('a word that means nothing here', () => {
  const words = priority({ low: 'P3', high: 'P1' });
  const policy = { use: 'side', side: 'hub record' } as const;
  const holding = (rule: FieldRule, given: Partial<Given>) =>
    under({ rules: [SUBJECT, { ...rule, policy }], ...given, link: { mapping: 1, ...given.link } });
  const edit = (scene: Scene) => {
    const told = { authorship: 'other', atMs: scene.link.gotAtMs + 1_000 } as const;
    takeRead(scene, present(raw({ priority: 'P1' }, told)));
    return { priority: scene.record.fields.priority, lost: scene.tree.losses.map(({ lost }) => lost) };
  };

  it('is edited there without a conflict where the copy was never given what the record holds', () => {
    const link = { sent: { subject: 'printer' }, got: { subject: 'printer', priority: 'P9' } };

    expect(edit(holding({ ...words, direction: 'in' }, { link }))).toEqual({ priority: 'high', lost: [] });
  });

  it('is edited there against a record that has been emptied since', () => {
    const link = { got: { subject: 'printer', priority: 'P9' } };

    expect(edit(holding(words, { fields: { priority: null }, link }))).toEqual({
      priority: null,
      lost: ['high'],
    });
  });
});

describe('a field newly mapped', () => {
  const held = { 'custom.severity': 'S1' };

  it('is read before anything is written or believed', () => {
    const scene = under({ rules: [...OLD, severity()], fields: held });

    expect(needOf(scene)).toBe('read');
    expect(observeCopy(scene, raw({ 'custom.severity': 'S9' }))).not.toBe('applied');
    expect(scene.record.fields['custom.severity']).toBe('S1');
  });

  it.each([
    ['hub', 'S1', 'S2', 'S1', 'update', 'S2'],
    ['vendor', 'S1', 'S2', 'S2', 'none', 'S1'],
    ['hub', null, 'S2', 'S2', 'none', undefined],
    ['vendor', 'S1', null, 'S1', 'update', undefined],
    ['hub', 'S1', 'S1', 'S1', 'none', undefined],
    ['vendor', null, null, null, 'none', undefined],
  ] as const)(
    'starts from the %s: %j here and %j there is %j, needs %s, keeps %j in the journal',
    (first, ours, theirs, kept, need, lost) => {
      const scene = under({ rules: [...OLD, severity({ first })], fields: { 'custom.severity': ours } });

      expect(takeRead(scene, present(raw({ 'custom.severity': theirs })))).toBe('taken');

      expect(scene.record.fields['custom.severity'] ?? null).toBe(kept);
      expect(needOf(scene)).toBe(need);
      expect(scene.tree.losses.map((each) => each.lost)).toEqual(lost === undefined ? [] : [lost]);
      expect(scene.link.unbased).toBeUndefined();
    },
  );

  it('leaves a word of the vendor’s that means nothing here alone, where the vendor comes first', () => {
    const values = [{ hub: 'critical', vendor: ['S1'] }];
    const scene = under({
      rules: [...OLD, severity({ first: 'vendor', values })],
      fields: { 'custom.severity': 'critical' },
    });

    takeRead(scene, present(raw({ 'custom.severity': 'Weird' })));

    expect(needOf(scene)).toBe('none');
  });

  it('is none of the record’s before anybody has set it', () => {
    expect(under({ rules: [...OLD, severity()] }).record.fields).not.toHaveProperty('custom.severity');
  });

  it('takes nothing from a read that was asked under the older mapping', () => {
    const scene = under({ rules: [...OLD, severity()], fields: held });

    expect(() => takeRead(scene, present(raw({}, { mapping: 0 })))).toThrow('the mapping has changed');
  });

  it('waits until a request under way has settled by the mapping it was made under', () => {
    const rules = [SUBJECT, { ...priority({}), vendorField: 'Urgency__c', since: 1, first: 'hub' as const }];
    const pending = pendingUpdate({ priority: 'P1' }, { base: { subject: 'printer', priority: 'P3' } });
    const scene = under({ rules, fields: { priority: 'high' }, lane: { pending } });
    expect(scene.link.mapping).toBeUndefined();

    // What stands under the new pair says nothing of the request, and nothing of the old one.
    settleByRead(scene, pending, present(raw({ priority: 'Urgent' }, { authorship: 'hub' })));

    expect(scene.record.fields.priority).toBe('high');
    const later = sceneAt(scene.tree, scene.record, scene.place, scene.around);
    expect(later.link).toMatchObject({ mapping: 1, unbased: ['priority'] });
  });
});

describe('a field paired with another of the vendor’s', () => {
  const rules = [
    SUBJECT,
    { ...priority({ low: 'P3', high: 'P1' }), vendorField: 'Urgency__c', since: 1, first: 'hub' as const },
  ];

  it('forgets what stood in the old one', () => {
    const { link } = under({ rules });

    expect([link.got, link.sent]).toEqual([{ subject: 'printer' }, { subject: 'printer' }]);
  });

  it('takes no event of the old one for an edit', () => {
    const scene = under({ rules });

    expect(observeCopy(scene, raw({ priority: 'P1' }, { mapping: 0 }))).not.toBe('applied');
    expect(scene.record.fields.priority).toBe('low');
  });

  it('is left alone, and read, by whoever does not know the newer mapping yet', () => {
    const scene = under({ version: 0, rules: OLD, link: { mapping: 1 } });

    expect(observeCopy(scene, raw({ priority: 'P1' }, { mapping: 0 }))).toBe('merged');
    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link.needsRead).toBe(true);
  });
});

describe('a field no longer mapped', () => {
  it('is forgotten, and the record keeps its value', () => {
    const scene = under({ rules: [SUBJECT] });

    expect(scene.link.got).toEqual({ subject: 'printer' });
    expect(scene.record.fields.priority).toBe('low');
    expect(needOf(scene)).toBe('none');
  });
});
