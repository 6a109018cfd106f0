import { describe, expect, it } from 'vitest';
import { fateOf, whatCame } from '../../../shared/sync/fate.ts';
import { settleByRead, takeRead } from '../../../shared/sync/settlement.ts';
import { doubt, inDoubt, present, shown } from './in-doubt.ts';
import { NOW_MS, pendingUpdate } from './scenes.ts';
import { seen, version } from './seen.ts';

describe('the fate of a doubtful update', () => {
  const fate = (fields: Record<string, string>, more: Parameters<typeof seen>[1] = {}, pending = doubt) =>
    fateOf(inDoubt({}, pending), pending, seen(fields, more));

  it.each([
    ['applied where its value stands there, in the vendor’s own form', { priority: ' high ' }, {}, 'applied'],
    ['not applied where nothing has changed', { priority: 'low' }, { version: version(5) }, 'not-applied'],
    ['not applied by a state before it', { priority: 'low' }, { version: version(4) }, 'not-applied'],
    ['not applied where somebody has set something else', { priority: 'urgent' }, {}, 'not-applied'],
    [
      'not applied where our own hand has set the value from before',
      { priority: 'low' },
      { authorship: 'hub' as const },
      'not-applied',
    ],
    [
      'nobody’s to tell where somebody may have restored the value from before',
      { priority: 'low' },
      {},
      'conflict',
    ],
    [
      'nobody’s to tell without a version, whoever is named',
      { priority: 'low' },
      { authorship: 'hub' as const, version: undefined },
      'conflict',
    ],
  ])('is %s', (_rule, fields, more, is) => {
    expect(fate(fields, more)).toBe(is);
  });

  it('is that of the fields that can be seen', () => {
    const both = pendingUpdate({ priority: 'high', subject: 'scanner' });

    expect(fate({ priority: 'high' }, {}, both)).toBe('applied');
    expect(fate({ priority: 'low' }, {}, both)).toBe('conflict');
  });

  it('is taken for applied where nothing that can be seen speaks against it', () => {
    const both = pendingUpdate({ priority: 'low', subject: 'scanner' });

    expect(fate({ priority: 'low' }, {}, both)).toBe('applied');
  });

  it('is not told by a field that it would not have changed', () => {
    const both = pendingUpdate({ subject: ' printer', priority: 'high' });

    expect(fate({ subject: 'printer', priority: 'urgent' }, {}, both)).toBe('not-applied');
  });
});

describe('the value of a request of unknown fate, where it stands', () => {
  const movedOn = (pending = doubt) => {
    const scene = inDoubt({}, pending);
    scene.record.fields.priority = 'urgent';
    return scene;
  };

  it('is kept where the record has moved on and a person may have set it', () => {
    const scene = movedOn();

    settleByRead(scene, doubt, shown('high'));

    expect(scene.tree.losses).toMatchObject([
      { field: 'priority', lost: 'high', lostBy: 'vendor:desk', kept: 'urgent', policy: 'doubt' },
    ]);
    expect(scene.tree.losses[0]?.why).toContain('by whose hand nobody can tell');
    expect(scene.link.sent.priority).toBe('high');
  });

  it('is ours, and no loss, where our hand was the last', () => {
    const scene = movedOn();

    settleByRead(scene, doubt, shown('high', { authorship: 'hub' }));

    expect(scene.tree.losses).toEqual([]);
  });

  it('is no loss where it is what the record holds, or what stood there before', () => {
    const [scene, same] = [inDoubt(), pendingUpdate({ priority: 'low' }, { isDoubtful: true })];
    const other = movedOn(same);

    settleByRead(scene, doubt, shown('high'));
    settleByRead(other, same, shown('low'));

    expect([scene.tree.losses, other.tree.losses]).toEqual([[], []]);
  });

  it('makes no edit of what a field beside it held before: that is kept, and ours is written again', () => {
    const both = pendingUpdate({ subject: 'scanner', priority: 'high' }, { isDoubtful: true });
    const scene = inDoubt({ sent: { subject: 'printer', priority: 'low' } }, both);
    scene.record.fields.subject = 'scanner';

    settleByRead(scene, both, shown('high'));

    expect(scene.record.fields.subject).toBe('scanner');
    expect(scene.link.sent).toMatchObject({ subject: 'printer', priority: 'high' });
    expect(scene.tree.losses).toMatchObject([{ field: 'subject', lost: 'printer', kept: 'scanner' }]);
  });

  it('leaves what stands beside it for the vendor’s form of ours, where our hand was the last', () => {
    const both = pendingUpdate({ subject: 'scanner', priority: 'high' }, { isDoubtful: true });
    const scene = inDoubt({ sent: { subject: 'printer', priority: 'low' } }, both);
    scene.record.fields.subject = 'scanner';

    settleByRead(scene, both, shown('high', { authorship: 'hub' }));

    expect(scene.record.fields.subject).toBe('scanner');
    expect(scene.link.sent.subject).toBe('scanner');
    expect(scene.tree.losses).toEqual([]);
  });
});

describe('a value from before a request of unknown fate', () => {
  it('speaks against the whole request: what a person has set beside it is not taken for a form of ours', () => {
    const both = pendingUpdate({ subject: 'scanner', priority: 'high' }, { isDoubtful: true });
    const scene = inDoubt({ sent: { subject: 'printer', priority: 'low' } }, both);
    scene.record.fields.subject = 'scanner';

    const came = whatCame(scene, both, seen({ priority: 'low', subject: 'plotter' }));

    expect(came).toBeUndefined();
    expect(scene.tree.losses).toMatchObject([{ field: 'priority', lost: 'low', kept: 'high' }]);
  });

  it('is kept with who, when and why, and ours is written again', () => {
    const scene = inDoubt();
    scene.record.provenance.priority = { source: 'hub', actor: 'user:1', fromMs: 1, toMs: 1 };

    settleByRead(scene, doubt, shown('low'));

    expect(scene.tree.losses).toEqual([
      {
        record: 'ticket-1',
        field: 'priority',
        lost: 'low',
        lostBy: 'vendor:desk',
        lostAtMs: 60_000,
        kept: 'high',
        keptBy: 'user:1',
        policy: 'doubt',
        why: 'the earlier value stood there after a request of unknown fate',
      },
    ]);
    expect(scene.link.sent.priority).toBe('low');
  });

  it('is kept though our own hand is named, where no version tells whether that was before the request', () => {
    const scene = inDoubt();
    const { version: _none, ...unversioned } = shown('low', { authorship: 'hub' }).observation;

    settleByRead(scene, doubt, present(unversioned));

    expect(scene.tree.losses).toMatchObject([{ lost: 'low', kept: 'high', policy: 'doubt' }]);
  });

  it('is the hub’s, and of now, where nobody tells better', () => {
    const scene = inDoubt();

    settleByRead(scene, doubt, shown('low', { atMs: NOW_MS + 50_000 }));

    expect(scene.tree.losses).toMatchObject([{ lostAtMs: NOW_MS, keptBy: 'hub' }]);
  });

  it('is no loss where the record has it again', () => {
    const scene = inDoubt();
    scene.record.fields.priority = 'low';

    settleByRead(scene, doubt, shown('low'));

    expect(scene.tree.losses).toEqual([]);
  });

  it('is no loss where it means nothing here', () => {
    const scene = inDoubt();
    const place = { ...scene.place, mapping: { ...scene.place.mapping, interpret: () => ({}) } };

    settleByRead({ ...scene, place }, doubt, shown('low'));

    expect(scene.tree.losses).toEqual([]);
  });

  it('is no edit against what the record holds by now, where the request was given up out of sight', () => {
    const scene = inDoubt({ unjudged: doubt });
    delete scene.lane.pending;
    scene.record.fields.priority = 'urgent';

    takeRead(scene, shown('high'));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high', kept: 'urgent', policy: 'doubt' }]);
    expect(scene.link.wrote?.fields).toEqual({ priority: 'high' });
  });

  it('is kept too where the request was given up while the copy was out of sight', () => {
    const unjudged = doubt;
    const [scene, other, unchanged] = [inDoubt({ unjudged }), inDoubt({ unjudged }), inDoubt({ unjudged })];
    for (const each of [scene, other, unchanged]) delete each.lane.pending;

    takeRead(scene, shown('low'));
    takeRead(other, shown('urgent'));
    takeRead(unchanged, shown('low', { version: version(5) }));

    expect(scene.tree.losses).toMatchObject([{ lost: 'low', kept: 'high', policy: 'doubt' }]);
    expect(scene.link).not.toHaveProperty('unjudged');
    for (const { tree, link } of [other, unchanged]) {
      expect(tree.losses.filter(({ policy }) => policy === 'doubt')).toEqual([]);
      expect(link).not.toHaveProperty('wrote');
    }
  });
});
