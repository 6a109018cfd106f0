import { describe, expect, it } from 'vitest';
import { QUOTA, type QuotaRules } from '../../../shared/resilience/index.ts';
import { type Fate, happen, type Outcome, type Setting, type Tenant } from './quota/world.ts';

/** Thousands of calls by a virtual clock. */
const TIMEOUT_MS = 60_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

const flood: Tenant = { organization: 'greedy', priority: 'live', backlog: 50 };
const modest: Tenant = { organization: 'modest', priority: 'live', perWindow: 20 };
const small: Tenant = { organization: 'small', priority: 'live', perWindow: 2 };
const late: Tenant = { organization: 'late', priority: 'live', perWindow: 5, fromWindow: 3 };

/** All organizations draw from one limit of the hub's app. */
const shared: Setting = {
  seed: 1,
  limit: { tokens: 100, windowMs: MINUTE_MS, per: 'app' },
  vendor: { by: 'sliding', tokens: 100, windowMs: MINUTE_MS },
  tenants: [flood, { ...flood, priority: 'bulk' }, modest, small, late],
  functions: 6,
  windows: 6,
};

/** One organization, whose account others use too; only the vendor knows how much there is. */
const day: Setting = {
  seed: 1,
  limit: { tokens: 500, windowMs: DAY_MS, per: 'connection' },
  vendor: { by: 'sliding', tokens: 1_000, windowMs: DAY_MS, tells: true },
  foreignPerWindow: 250,
  tenants: [
    { organization: 'acme', priority: 'bulk', backlog: 10 },
    { organization: 'acme', priority: 'live', perWindow: 100 },
  ],
  functions: 4,
  windows: 4,
};
const alone: Setting = { ...day, foreignPerWindow: 0 };
const competing: Setting = {
  ...shared,
  tenants: [
    { ...flood, organization: 'few', backlog: 20 },
    { ...flood, organization: 'many', backlog: 100 },
  ],
};
const beside: Setting = {
  ...shared,
  tenants: [flood, { organization: 'other', priority: 'bulk', backlog: 10 }, small],
};

const SETTINGS: Readonly<Record<string, Setting>> = {
  'a vendor that slides its window': shared,
  'a vendor whose windows begin on the minute': { ...shared, vendor: { ...shared.vendor, by: 'fixed' } },
  'windows that begin at a moment of their own': {
    ...shared,
    seed: 2,
    vendor: { ...shared.vendor, by: 'fixed', phaseMs: 17_000 },
  },
  'two floods of different size': competing,
  'a backfill beside another organization’s flood': beside,
  'a daily allowance others draw from too': day,
  'a daily allowance of one’s own': alone,
};

const fateOf = (outcome: Outcome, { organization, priority }: Tenant): Fate =>
  outcome.fates.get(`${organization} ${priority}`)!;

describe('quota: several functions, several organizations, one limit', { timeout: TIMEOUT_MS }, () => {
  for (const [name, setting] of Object.entries(SETTINGS)) {
    it(`uses at least 95 % of the allowance and provokes no refusal: ${name}`, async () => {
      const { used, refused } = await happen(setting);

      expect(used).toBeGreaterThanOrEqual(0.95);
      expect(refused).toBe(0);
    });
  }

  it('serves whoever asks for little all it asks for, within a window, whatever others want', async () => {
    const outcome = await happen(shared);

    for (const tenant of [modest, small, late]) {
      const { asked, made, longestMs } = fateOf(outcome, tenant);
      expect(made).toBeGreaterThanOrEqual(asked - 5);
      expect(longestMs).toBeLessThanOrEqual(MINUTE_MS);
    }
  });

  it('shares evenly between those who want more than there is, however many of their calls wait', async () => {
    expect(evenness(await happen(competing))).toBeGreaterThan(0.8);
  });

  it('lets a backfill have its part beside another organization’s flood', async () => {
    const outcome = await happen(beside);

    expect(fateOf(outcome, beside.tenants[1]!).made / outcome.served).toBeGreaterThan(0.2);
  });

  it('keeps live traffic from waiting for a backfill', async () => {
    expect(longestOf(await happen(alone))).toBeLessThan(DAY_MS / 50);
  });
});

function evenness(outcome: Outcome): number {
  const [few, many] = competing.tenants.map((tenant) => fateOf(outcome, tenant).made);
  return Math.min(few!, many!) / Math.max(few!, many!);
}

function longestOf(outcome: Outcome): number {
  return fateOf(outcome, alone.tenants[1]!).longestMs;
}

describe('quota: each rule is needed', { timeout: TIMEOUT_MS }, () => {
  const without = (setting: Setting, off: Partial<QuotaRules>) =>
    happen({ ...setting, rules: { ...QUOTA, ...off } });

  it('leases forgotten too soon provoke refusals', async () => {
    expect((await without(competing, { heldSlots: 80 })).refused).toBeGreaterThan(0);
  });

  it('a vendor not listened to refuses', async () => {
    const deaf = { ...day, limit: { ...day.limit, tokens: 1_000 } };

    expect((await happen(deaf)).refused).toBe(0);
    expect((await without(deaf, { isHeard: () => false })).refused).toBeGreaterThan(0);
  });

  it('with nobody giving way, the larger flood takes the most', async () => {
    expect(evenness(await without(competing, { goesBefore: () => false }))).toBeLessThan(0.6);
  });

  it('with nothing kept for it and nobody giving way, live traffic waits for the backfill', async () => {
    const outcome = await without(alone, { goesBefore: () => false, liveReserve: () => 0 });

    expect(longestOf(outcome)).toBeGreaterThan(DAY_MS / 50);
  });

  it('a backfill that takes all it can at once keeps live traffic waiting', async () => {
    const paceShare = { live: 1, bulk: 1 };

    expect(longestOf(await without(alone, { paceShare }))).toBeGreaterThan(DAY_MS / 50);
  });
});
