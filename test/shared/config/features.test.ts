import { describe, expect, it } from 'vitest';
import { createFeatures, hubSettings } from '../../../shared/config/index.ts';
import type { OrganizationId } from '../../../shared/domain/index.ts';
import { memoryStore, virtualClock } from '../../memory/index.ts';

const ACME = 'org_acme' as OrganizationId;
const GLOBEX = 'org_globex' as OrganizationId;
const features = (settings = {}) =>
  createFeatures(memoryStore({ clock: virtualClock() }), hubSettings(settings, []));

describe('features of an organization', () => {
  it('are on unless the stage or the organization says otherwise', async () => {
    expect(await features().of(ACME)).toEqual({ 'delta-sync': true, 'api-writes': true });
    expect(await features({ features: { 'api-writes': false } }).of(ACME)).toMatchObject({
      'api-writes': false,
    });
  });

  it('switch for one organization and no other', async () => {
    const own = features({ features: { 'api-writes': false } });

    await own.change(ACME, { 'delta-sync': false });
    const changed = await own.change(ACME, { 'api-writes': true });

    expect(changed).toEqual({ 'delta-sync': false, 'api-writes': true });
    expect(await own.of(ACME)).toEqual(changed);
    expect(await own.of(GLOBEX)).toEqual({ 'delta-sync': true, 'api-writes': false });
  });

  it.each([
    [{ telepathy: true }, '/telepathy'],
    [{ 'delta-sync': 'off' }, '/delta-sync'],
  ])('refuse %j with its place', async (changes, pointer) => {
    await expect(features().change(ACME, changes)).rejects.toMatchObject({ code: 'invalid_input', pointer });
  });
});
