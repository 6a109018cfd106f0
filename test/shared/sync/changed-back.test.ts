import { describe, expect, it } from 'vitest';
import type { Scene } from '../../../shared/sync/scene.ts';
import { settleByRead, takeRead } from '../../../shared/sync/settlement.ts';
import { doubt, inDoubt, shown } from './in-doubt.ts';
import { seenTicket, ticketScene } from './scenes.ts';

describe('a record changed back while a request on a copy of it is in doubt', () => {
  /** The copy was given `low`, the request sets `high`, and the record holds `low` again. */
  function changedBack() {
    const both = { subject: 'printer', priority: 'low' };
    const scene = inDoubt({ got: { ...both }, sent: { ...both } });
    scene.record.fields.priority = 'low';
    scene.record.provenance.priority = { source: 'hub', actor: 'ann', fromMs: 58_000, toMs: 58_000 };
    return scene;
  }

  it('keeps its value against what the request may have come back as, and writes it again', () => {
    const scene = changedBack();

    settleByRead(scene, doubt, shown('high, dressed up', { authorship: 'hub' }));

    expect(scene.record.fields.priority).toBe('low');
    expect(scene.link.sent).not.toHaveProperty('priority');
    expect(scene.tree.losses).toMatchObject([{ lost: 'high, dressed up', kept: 'low' }]);
  });

  it('takes what a person is known to have set since', () => {
    const scene = changedBack();
    const { observation } = shown('urgent');

    settleByRead(scene, doubt, {
      state: 'present',
      observation: { ...observation, fieldTimesMs: { priority: 60_000 } },
    });

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toEqual([]);
  });

  it('takes what stands in a field that the request did not carry', () => {
    const scene = changedBack();

    settleByRead(scene, doubt, {
      state: 'present',
      observation: seenTicket({ fields: { subject: 'scanner', priority: 'low' }, authorship: 'unknown' }),
    });

    expect(scene.record.fields.subject).toBe('scanner');
    expect(scene.tree.losses).toEqual([]);
  });

  it('takes what stands where the request carried what the record holds, and what the copy had before', () => {
    const same = { subject: 'printer', priority: 'high' };
    const scene = inDoubt({ got: { ...same }, sent: { ...same } });

    settleByRead(scene, doubt, shown('urgent'));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toEqual([]);
  });

  it('takes what stands in a field that nothing is written to any more', () => {
    const scene = inDoubt();
    scene.record.fields.priority = 'low';
    const { mapping } = scene.place;
    const reading: Scene = {
      ...scene,
      place: { ...scene.place, mapping: { ...mapping, project: () => ({ subject: 'printer' }) } },
    };

    settleByRead(reading, doubt, shown('urgent'));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toEqual([]);
  });

  it('takes what stands where that request was its creation, which writes over nothing', () => {
    const asked = { subject: 'printer', priority: 'high' };
    const scene = ticketScene({ link: { creations: [asked], unshown: { priority: 'given-up' } } });

    takeRead(scene, shown('urgent', { authorship: 'unknown' }));

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.tree.losses).toEqual([]);
  });
});
