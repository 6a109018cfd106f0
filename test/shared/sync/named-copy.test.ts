import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { rootKey } from '../../../shared/sync/keys.ts';
import { nextStep } from '../../../shared/sync/reconcile.ts';
import { lane, link, OLD, root } from './fold-scene.ts';
import { ACME, hubOf, RIGHT, settled } from './hub.ts';
import { contactDesk, ticketScene } from './scenes.ts';

const ADA = 'ada' as RecordId;
const known = (externalId: string) => ({ record: ADA, externalId: externalId as ExternalId });
const progress = {
  fresh: undefined,
  unmatched: undefined,
  named: undefined,
  unlisted: undefined,
  transfer: 'transfer-1',
};

/** The ticket's copy was given this requester and subject. */
const scene = (sent: object, externalId: ExternalId | null = 'contact-1' as ExternalId) =>
  ticketScene({
    place: contactDesk(),
    fields: { requester: ADA },
    link: { sent: { subject: 'printer', priority: 'low', requester: 'contact-1', ...sent } },
    lane: { referred: { record: ADA, externalId } },
  });

describe('whom a write names', () => {
  it('is looked at before it: that copy may have been merged into another since it was known', () => {
    const { tree, place, around } = scene({ requester: null });

    expect(nextStep(tree, place, around, progress)).toEqual({ do: 'depend', on: ADA });
    expect(nextStep(tree, place, around, { ...progress, named: ADA })).toMatchObject({
      do: 'write',
      change: { fields: { requester: 'contact-1' } },
    });
  });

  it('is of no matter to a write of something else, nor where nobody is named', () => {
    const [other, nobody] = [scene({ subject: 'desk' }), scene({}, null)];

    for (const { tree, place, around } of [other, nobody])
      expect(nextStep(tree, place, around, progress)).toMatchObject({ do: 'write' });
  });

  it('is of no matter to a removal', () => {
    const { tree, record, place, around } = scene({ requester: null });
    record.deleted = { atMs: 1, source: 'hub' };

    expect(nextStep(tree, place, around, progress)).toMatchObject({ change: { operation: 'delete' } });
  });

  it('is the copy that is known by now, though another was when it had to wait', async () => {
    const hub = hubOf(settled);
    const outdated = { isFannedOut: true, fields: { subject: 'printer', requester: ADA } } as const;
    const waiting = lane(link(undefined, { origin: 'ours' }), { referred: known('contact-1') });
    const contact = lane(link('contact-2'));
    for (const data of [
      root(OLD, { [RIGHT]: waiting }, outdated),
      root(ADA, { [RIGHT]: contact }, { kind: 'contact', fields: { name: 'Ada' } }),
    ])
      await hub.deps.store.commit([{ put: { ...rootKey(ACME, data.id), data }, expect: 0 }]);

    const edit = { edit: 'fields', fields: { subject: 'scanner' } } as const;
    await hub.engine.edit({ organization: ACME, root: OLD, actor: 'agent:bo', idempotencyKey: 'one', edit });
    await hub.work();

    expect(hub.written).toMatchObject([{ operation: 'create', fields: { requester: 'contact-2' } }]);
  });
});
