import { describe, expect, it } from 'vitest';
import { createDirectory } from '../../../shared/connections/index.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import { acme } from './model.ts';
import { drain, page, ticket, twoVendors } from './two-vendors.ts';

const C2 = 'c2' as ConnectionId;

/** A ticket on its way to a connection that waits for somebody to authorize it. */
async function parkedTarget() {
  const hub = await twoVendors();
  const { platform, vendors, opener, poll, observe } = hub;
  const { clock, stores } = platform;
  const directory = createDirectory({ store: stores.connections, clock });
  const why = { reason: 'reauthorization_required', fault: 'organization' } as const;
  await opener.register.park((await directory.get(acme, C2))!, why, []);
  vendors.model.pages = [page([ticket('x1', 'a', clock.now() - 60_000)])];
  await poll();
  await drain(platform.queues.deltas, observe);
  const authorize = async () => {
    const connection = (await directory.get(acme, C2))!;
    const grant = vendors.target.issue(clock.now());
    const write = await opener.vault.sealed(connection, grant, 0);
    await opener.register.activate(connection, grant, { with: write, actor: 'user:ann' });
  };
  /** Once, beside the commit that sets the work aside. */
  const authorizedAt = (when: 'before' | 'after') => {
    const commit = stores.records.commit.bind(stores.records);
    stores.records.commit = async (writes) => {
      const isMeant = JSON.stringify(writes).includes('"unauthorized"');
      if (isMeant) stores.records.commit = commit;
      if (isMeant && when === 'before') await authorize();
      await commit(writes);
      if (isMeant && when === 'after') await authorize();
    };
  };
  const setAside = () => stores.records.items().filter(({ sk }) => sk === 'parked');
  return { ...hub, authorizedAt, setAside };
}

describe('work that is refused while its connection is authorized', () => {
  it('goes on, though whoever authorized it came too early to find it waiting', async () => {
    const { platform, vendors, work, authorizedAt, setAside } = await parkedTarget();
    authorizedAt('before');

    await drain(platform.queues.work('target'), work);

    expect(setAside()).toEqual([]);
    expect(vendors.target.writes).toMatchObject([{ operation: 'create', fields: { subject: 'a' } }]);
  });

  it('goes on though the list does not show it yet', async () => {
    const { platform, vendors, work, authorizedAt } = await parkedTarget();
    authorizedAt('after');
    platform.stores.records.page = async () => ({ items: [] });

    await drain(platform.queues.work('target'), work);

    expect(vendors.target.writes).toHaveLength(1);
  });

  it('stays aside as long as nobody has', async () => {
    const { platform, vendors, work, setAside } = await parkedTarget();

    await drain(platform.queues.work('target'), work);

    expect(setAside()).toMatchObject([{ data: { cause: 'unauthorized' } }]);
    expect(vendors.target.writes).toEqual([]);
  });
});
