import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { ProviderRejectedError } from '../../../shared/errors.ts';
import { FILE, filesHub, rootsOf, THREAD } from './files.ts';
import { ACME, parkedOf } from './hub.ts';

describe('what is waited for by many', () => {
  it('lists so many of them and no more, and the others come by', async () => {
    const hub = filesHub();
    const take = hub.desk.answer;
    const error = new ProviderRejectedError('no such queue', { vendorCode: 'NO' });
    hub.desk.answer = (change) =>
      change.kind === 'ticket' ? { outcome: 'refused', why: 'rejected', error } : take(change);
    await hub.hear(THREAD);
    for (let at = 0; at < 203; at += 1) await hub.hear({ ...FILE, externalId: `file-${at}` as ExternalId });
    await hub.work(60_000);

    expect(rootsOf(hub, 'ticket')[0]?.dependents).toHaveLength(200);
    hub.desk.answer = take;
    const [parked] = await parkedOf(hub);
    await hub.engine.replay(ACME, parked!.id, 'user:ops');
    await hub.work(600_000);

    expect(hub.desk.written.filter(({ kind }) => kind === 'attachment')).toHaveLength(203);
    expect(rootsOf(hub, 'ticket')[0]?.dependents).toEqual([]);
  }, 60_000);
});
