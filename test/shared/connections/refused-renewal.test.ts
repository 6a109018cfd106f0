import { describe, expect, it } from 'vitest';
import { createVault } from '../../../shared/connections/index.ts';
import type { Authorization } from '../../../shared/ports/index.ts';
import { acme } from './model.ts';

import { renewals, reread } from './renewals.ts';

describe('grants: a refused renewal', () => {
  it('parks the connection, audits it, and tells its organization once', async () => {
    const { newFunction, connection, authorization, vendor, platform, entries } = await renewals();
    vendor.refusesRenewals = true;

    const asked = await Promise.allSettled(
      [1, 2, 3].map(() => newFunction().usable(connection, authorization)),
    );

    expect(asked.every(({ status }) => status === 'rejected')).toBe(true);
    const { connection: now } = await reread(platform, connection);
    expect(now.state).toMatchObject({
      kind: 'parked',
      reason: 'reauthorization_required',
      fault: 'organization',
    });
    const told = platform.events.filter(({ type }) => type === 'connection.parked');
    expect(told).toMatchObject([{ organization: acme, subject: connection.id, data: { state: 'parked' } }]);
    expect(entries()).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ action: 'token.refresh', outcome: 'refused', actor: 'hub' }),
        expect.objectContaining({ action: 'connection.parked' }),
      ]),
    );
  });

  it('asks the vendor no more while the connection is parked', async () => {
    const { newFunction, connection, authorization, vendor } = await renewals();
    const parked = {
      ...connection,
      state: { kind: 'parked', reason: 'x', fault: 'organization', sinceMs: 0 },
    } as const;

    await expect(newFunction().usable(parked, authorization)).rejects.toMatchObject({
      code: 'reauthorization_required',
    });

    expect(vendor.renewals).toBe(0);
  });

  it('does not park when somebody else has stored a better grant meanwhile', async () => {
    const { newFunction, connection, authorization, vendor, platform, keys, store } = await renewals();
    const first = await newFunction().usable(connection, authorization);
    const better = await createVault({ store, keys }).sealed(
      connection,
      { ...first, accessToken: 'better' },
      1,
    );
    const beaten: Authorization = {
      async renew() {
        await store.commit([better]);
        vendor.refusesRenewals = true;
        return vendor.renew(first, 0);
      },
    };

    const grant = await newFunction().replace(connection, beaten, first);

    expect(grant.accessToken).toBe('better');
    expect((await reread(platform, connection)).connection.state).toEqual({ kind: 'active' });
  });

  it('parks by a grant just given only while it is still the stored one', async () => {
    const { newFunction, connection, authorization, platform } = await renewals();
    const grants = newFunction();
    const grant = await grants.usable(connection, authorization);
    await grants.refuse(connection, { ...grant, accessToken: 'older' });
    expect((await reread(platform, connection)).connection.state).toEqual({ kind: 'active' });

    await grants.refuse(connection, grant);

    expect((await reread(platform, connection)).connection.state).toMatchObject({ kind: 'parked' });
  });
});
