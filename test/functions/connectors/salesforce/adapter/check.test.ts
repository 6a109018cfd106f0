import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adapter } from '../../../../../functions/connectors/salesforce/adapter.ts';
import { type Connected, connected } from '../world.ts';

let world: Connected;
beforeEach(async () => {
  world = await connected();
});
afterEach(() => world.sandbox.close());

describe('Salesforce health', () => {
  it('is the org’s own word', async () => {
    expect(await world.integration.check()).toEqual({ state: 'healthy', account: world.sandbox.orgId });
  });

  it('costs two calls, since one takes five queries', async () => {
    const used = async () => {
      await world.integration.check();
      return world.usages.at(-1)?.used ?? 0;
    };
    const before = await used();

    expect(await used()).toBe(before + 2);
  });

  it('is bad without the package or its permission set, and says so', async () => {
    world.sandbox.settings({ hasPackage: false });

    expect(await world.integration.check()).toMatchObject({
      state: 'unhealthy',
      error: {
        code: 'provider_rejected',
        fault: 'organization',
        vendorCode: 'INVALID_FIELD',
        message: expect.stringContaining('package'),
      },
    });
  });

  it.each([
    [{ Case: ['create'] }, 'create Case'],
    [{ Case: ['update'], Contact: ['create'] }, 'update Case, create Contact'],
    [{ CaseComment: ['create'] }, 'create CaseComment'],
    [{ Deskbridge_Comment_Link__c: ['create', 'delete'] }, 'create Deskbridge_Comment_Link__c'],
  ] as const)('is bad where the hub’s user may not do its work: %j', async (denied, missing) => {
    world.sandbox.settings({ denied });

    expect(await world.integration.check()).toMatchObject({
      state: 'unhealthy',
      error: {
        code: 'provider_rejected',
        vendorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
        message: expect.stringContaining(missing),
      },
    });
  });

  it('is good where comments alone can be neither edited nor deleted: a gap, not a fault', async () => {
    world.sandbox.settings({ denied: { CaseComment: ['update', 'delete'] } });

    expect(await world.integration.check()).toMatchObject({ state: 'healthy' });
  });

  it('is bad without a session, and when nobody answers', async () => {
    world.sandbox.human.revokeTokens();
    expect(await world.integration.check()).toMatchObject({
      state: 'unhealthy',
      error: { code: 'reauthorization_required' },
    });

    await world.sandbox.close();
    expect(await world.integration.check()).toMatchObject({
      state: 'unhealthy',
      error: { code: 'provider_unavailable' },
    });
  });

  it('never leaves for a host that is not the vendor’s', async () => {
    const { guardedFetch } = await import('../../../../../shared/connections/fetch.ts');
    const { manifest } = await import('../../../../../functions/connectors/salesforce/manifest.ts');
    const policy = { allowedHosts: manifest.allowedHosts, isLocal: false };
    const opening = {
      ...world.opening,
      fetch: guardedFetch({ policy, clock: world.clock, timeoutMs: 1_000 }),
    };

    for (const instanceUrl of [world.sandbox.url, 'https://evil.example', 'https://169.254.169.254']) {
      const health = await adapter.open(opening, { ...world.grant, instanceUrl }).check();

      expect(health).toMatchObject({ state: 'unhealthy', error: { code: 'invalid_input' } });
    }
  });
});
