import { describe, expect, it } from 'vitest';
import { catalog } from '../../../functions/catalog.ts';
import { configured, hubSettings, settingsFrom } from '../../../shared/config/index.ts';
import { ConfigurationError } from '../../../shared/errors.ts';

const messageOf = (read: () => unknown): string => {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('hub settings', () => {
  it('are whole where nothing is given', () => {
    const settings = hubSettings(undefined, catalog);

    expect(settings).toEqual({
      features: {},
      identity: { organizationClaim: 'org', agentName: 'Support' },
      limits: {},
      schedules: {},
      timeouts: { vendorCallMs: 10_000 },
      alerts: { syncLagMs: 5_000, openInboxMs: 900_000 },
    });
  });

  it.each([
    [{ timeouts: { vendorCallMs: '10s' } }, 'settings.timeouts.vendorCallMs: saw "10s", expected'],
    [
      { timeouts: { vendorCallMs: 60_000 } },
      'settings.timeouts.vendorCallMs: saw 60000, expected at most 20000',
    ],
    [{ alerts: { syncLagMs: 1 } }, 'settings.alerts.syncLagMs: saw 1, expected at least 500'],
    [{ alerts: { syncLag: 1 } }, 'settings.alerts.syncLag: saw a setting nobody knows'],
    [
      { features: { 'api-writes': 'no' } },
      'settings.features.api-writes: saw "no", expected a value of type boolean',
    ],
    [{ features: { telepathy: true } }, 'settings.features'],
    [
      { identity: { organizationClaim: 'my org' } },
      'settings.identity.organizationClaim: saw "my org", expected the name of a claim',
    ],
    [
      { identity: { agentName: ' ' } },
      'settings.identity.agentName: saw " ", expected a name of up to 80 characters',
    ],
    [{ schedules: { salesforce: 'hourly' } }, 'settings.schedules.salesforce: saw "hourly", expected rate('],
    [
      { schedules: { slack: 'rate(1 minute)' } },
      'settings.schedules.slack: saw no polled integration, expected one of salesforce',
    ],
    [{ limits: { fax: {} } }, 'settings.limits.fax: saw no such integration'],
    [
      { limits: { slack: { pigeons: { tokens: 1, windowMs: 1_000 } } } },
      'settings.limits.slack.pigeons: saw no such limit',
    ],
    [
      { limits: { slack: { 'chat.postMessage': { tokens: 0, windowMs: 1_000 } } } },
      'settings.limits.slack.chat.postMessage.tokens: saw 0, expected at least 1',
    ],
    ['quick', 'settings: saw "quick", expected a value of type object'],
  ])('refuse %j, naming path, seen and expected', (value, told) => {
    expect(messageOf(() => hubSettings(value, catalog))).toContain(told);
  });

  it('name every fault at once', () => {
    const message = messageOf(() =>
      hubSettings({ timeouts: { vendorCallMs: 1 }, alerts: { openInboxMs: 1 } }, catalog),
    );

    expect(message).toContain('settings.timeouts.vendorCallMs');
    expect(message).toContain('settings.alerts.openInboxMs');
  });

  it('stop a function whose environment holds something else', () => {
    expect(messageOf(() => settingsFrom('{', catalog))).toContain('HUB_SETTINGS: saw text that is no JSON');
    expect(messageOf(() => settingsFrom('{"alerts":1}', catalog))).toContain('HUB_SETTINGS.alerts: saw 1');
    expect(settingsFrom(undefined, catalog)).toEqual(hubSettings({}, catalog));
  });

  it('replace limits and schedule of a manifest, and only those named', () => {
    const salesforce = catalog.find(({ id }) => id === 'salesforce')!;
    const limit = salesforce.limits[0]!;
    const settings = hubSettings(
      {
        limits: { salesforce: { [limit.name]: { tokens: 7, windowMs: 2_000 } } },
        schedules: { salesforce: 'rate(15 minutes)' },
      },
      catalog,
    );

    const own = configured(salesforce, settings);

    expect(own.limits[0]).toEqual({ ...limit, tokens: 7, windowMs: 2_000 });
    expect(own.limits.slice(1)).toEqual(salesforce.limits.slice(1));
    expect(own.poll?.schedule).toBe('rate(15 minutes)');
    const slack = catalog.find(({ id }) => id === 'slack')!;
    expect(configured(slack, settings)).toEqual(slack);
  });
});
