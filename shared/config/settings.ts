import * as z from 'zod/mini';
import { ConfigurationError } from '../errors.ts';
import type { Manifest } from '../ports/index.ts';
import { checked } from './checked.ts';

/** What can be switched for one organization; `true` unless a stage or the organization says otherwise. */
export const FEATURES = ['delta-sync', 'api-writes'] as const;
export type Feature = (typeof FEATURES)[number];

const milliseconds = (least: number, most: number) =>
  z.int({ error: 'a whole number of milliseconds' }).check(z.gte(least), z.lte(most));

/** `rate(5 minutes)` or a six-field `cron(…)` of EventBridge Scheduler. */
const schedule = z.string().check(
  z.regex(/^(rate\([1-9]\d* (minute|minutes|hour|hours|day|days)\)|cron\((\S+ ){5}\S+\))$/, {
    error: 'rate(N minutes|hours|days) or a six-field cron(…)',
  }),
);

const schema = z.strictObject({
  features: z._default(z.partialRecord(z.enum(FEATURES), z.boolean()), {}),
  /** Integration → limit → what the vendor really allows this account. */
  limits: z._default(
    z.record(
      z.string(),
      z.record(
        z.string(),
        z.strictObject({
          tokens: z.int({ error: 'a whole number' }).check(z.gte(1)),
          windowMs: milliseconds(100, 86_400_000),
        }),
      ),
    ),
    {},
  ),
  /** Integration → when it is asked for changes whose events were lost. */
  schedules: z._default(z.record(z.string(), schedule), {}),
  timeouts: z._default(
    z.strictObject({
      /** One call to a vendor, answer included; a worker has 30 seconds for all of them. */
      vendorCallMs: z._default(milliseconds(500, 20_000), 10_000),
    }),
    { vendorCallMs: 10_000 },
  ),
  alerts: z._default(
    z.strictObject({
      syncLagMs: z._default(milliseconds(500, 600_000), 5_000),
      openInboxMs: z._default(milliseconds(60_000, 86_400_000), 900_000),
    }),
    { syncLagMs: 5_000, openInboxMs: 900_000 },
  ),
  /** How the issuer's tokens speak of people and organizations. */
  identity: z._default(
    z.strictObject({
      /** The claim that names the caller's organization; an issuer may demand a name of its own namespace. */
      organizationClaim: z._default(
        z.string().check(z.regex(/^\S{1,200}$/, { error: 'the name of a claim' })),
        'org',
      ),
      /** What a customer reads over a reply by somebody whose token says no name; never an id of theirs. */
      agentName: z._default(
        z.string().check(z.regex(/^\S(.{0,78}\S)?$/, { error: 'a name of up to 80 characters' })),
        'Support',
      ),
    }),
    { organizationClaim: 'org', agentName: 'Support' },
  ),
});

/** What an owner may tune without touching code; a stage gives it, functions find it in HUB_SETTINGS. */
export type HubSettings = z.output<typeof schema>;
export type HubSettingsInput = z.input<typeof schema>;

/** @throws ConfigurationError with path, seen and expected of everything that is wrong */
export function hubSettings(value: unknown, catalog: readonly Manifest[], name = 'settings'): HubSettings {
  const settings = checked(schema, value ?? {}, name);
  const wrong = [...unknownLimits(settings, catalog, name), ...unknownSchedules(settings, catalog, name)];
  if (wrong.length > 0) throw new ConfigurationError(wrong.join('; '));
  return settings;
}

/**
 * `HUB_SETTINGS` as a function finds it: JSON that the stage wrote, or nothing. A function that does not know
 * the whole catalog leaves it out: the stage has checked the names against it. @throws ConfigurationError
 */
export function settingsFrom(text: string | undefined, catalog?: readonly Manifest[]): HubSettings {
  const read = (value: unknown) =>
    catalog === undefined
      ? checked(schema, value, 'HUB_SETTINGS')
      : hubSettings(value, catalog, 'HUB_SETTINGS');
  if (text === undefined || text === '') return read({});
  try {
    return read(JSON.parse(text));
  } catch (error) {
    if (error instanceof ConfigurationError) throw error;
    throw new ConfigurationError('HUB_SETTINGS: saw text that is no JSON, expected a JSON object');
  }
}

/** The manifest with this deployment's own limits and schedule in place of the vendor's usual ones. */
export function configured(manifest: Manifest, settings: HubSettings): Manifest {
  const own = settings.limits[manifest.id] ?? {};
  const schedule = settings.schedules[manifest.id];
  return {
    ...manifest,
    limits: manifest.limits.map((limit) => ({ ...limit, ...own[limit.name] })),
    ...(manifest.poll && schedule && { poll: { ...manifest.poll, schedule } }),
  };
}

function unknownLimits(settings: HubSettings, catalog: readonly Manifest[], name: string): readonly string[] {
  return Object.entries(settings.limits).flatMap(([id, limits]) => {
    const known = catalog.find((manifest) => manifest.id === id)?.limits.map((limit) => limit.name);
    if (known === undefined)
      return [`${name}.limits.${id}: saw no such integration, expected ${ids(catalog)}`];
    return Object.keys(limits)
      .filter((limit) => !known.includes(limit))
      .map((limit) => `${name}.limits.${id}.${limit}: saw no such limit, expected ${known.join(', ')}`);
  });
}

function unknownSchedules(
  settings: HubSettings,
  catalog: readonly Manifest[],
  name: string,
): readonly string[] {
  const polled = catalog.filter((manifest) => manifest.poll !== undefined);
  return Object.keys(settings.schedules)
    .filter((id) => !polled.some((manifest) => manifest.id === id))
    .map((id) => `${name}.schedules.${id}: saw no polled integration, expected ${ids(polled)}`);
}

const ids = (manifests: readonly Manifest[]): string => `one of ${manifests.map(({ id }) => id).join(', ')}`;
