import { describe, expect, it } from 'vitest';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { fill } from '../../../shared/sync/creation.ts';
import { needOf } from '../../../shared/sync/need.ts';
import type { Root } from '../../../shared/sync/state.ts';
import { SUBJECT, severity, under } from './mapped-scene.ts';
import { seen } from './seen.ts';
import { unreadTicket } from './unread-ticket.ts';

describe('the first whole state of a copy whose record others have set values of', () => {
  const whole = { subject: 'printer', status: 'open', priority: 'high' };

  const setByHub = (fields: Root['fields'], atMs: number) => {
    const scene = unreadTicket();
    const by = { source: 'hub', actor: 'user:1', fromMs: atMs, toMs: atMs } as const;
    Object.assign(scene.record.fields, fields);
    for (const field of Object.keys(fields)) scene.record.provenance[field] = by;
    scene.record.provenance.subject = { ...by, source: 'desk' as ConnectionId };
    return scene;
  };

  it('leaves what others have set since, which is written to the copy', () => {
    const scene = setByHub({ priority: 'urgent', status: 'open' }, 70_000);

    fill(scene, seen(whole), undefined);

    expect(scene.record.fields).toEqual({ ...whole, priority: 'urgent' });
    expect(scene.record.provenance.priority).toMatchObject({ actor: 'user:1' });
    expect(scene.link).toMatchObject({ got: whole, sent: { subject: 'printer', status: 'open' } });
    expect(scene.link.sent).not.toHaveProperty('priority');
    expect(scene.tree.losses).toMatchObject([{ field: 'priority', lost: 'high', kept: 'urgent' }]);
  });

  it('goes before what others had set by then, which is kept in the journal', () => {
    const scene = setByHub({ priority: 'urgent' }, 50_000);

    fill(scene, seen(whole), undefined);

    expect(scene.record.fields.priority).toBe('high');
    expect(scene.link.sent.priority).toBe('high');
    expect(scene.tree.losses).toMatchObject([{ field: 'priority', lost: 'urgent', kept: 'high' }]);
  });

  it('is written what others have set and it does not tell, as what is only written there', () => {
    const { since: _always, ...rule } = severity({ direction: 'out' });
    const scene = under({
      rules: [SUBJECT, rule],
      link: { origin: 'theirs', mapping: 1, sent: {}, got: {} },
    });
    scene.record.fields = { 'custom.severity': 'S1' };
    scene.record.provenance = {
      'custom.severity': { source: 'hub', actor: 'user:1', fromMs: 40_000, toMs: 40_000 },
    };
    scene.record.unread = scene.place.connection.id;

    fill(scene, seen({ subject: 'printer' }), undefined);

    expect(needOf(scene)).toBe('update');
    expect(scene.link.sent).toEqual({ subject: 'printer' });
  });

  it('adds nothing where others have set all that it tells', () => {
    const scene = setByHub({ priority: 'urgent', status: 'open', subject: 'fire' }, 70_000);

    fill(scene, seen({ priority: 'high' }), undefined);

    expect(scene.record.fields).toEqual({ priority: 'urgent', status: 'open', subject: 'fire' });
  });

  it.each([null, ''])('leaves what others have set where %j stands in the copy', (nothing) => {
    const scene = setByHub({ priority: 'urgent' }, 50_000);

    fill(scene, seen({ ...whole, priority: nothing }), undefined);

    expect(scene.record.fields.priority).toBe('urgent');
    expect(scene.link.sent).not.toHaveProperty('priority');
    expect(scene.tree.losses).toEqual([]);
  });
});
