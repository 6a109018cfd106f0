import { catalog } from '../functions/catalog.ts';
import { type HubSettings, hubSettings } from '../shared/config/index.ts';

/** Everything that differs between one deployment and another, and nothing else. */
export interface Stage {
  /** Part of every stack's name and of the secrets' prefix. */
  readonly name: string;
  /** The one-machine hub: fixed physical names, plain http and loopback vendors allowed. */
  readonly isLocal: boolean;
  readonly logRetentionDays: number;
  /** Tables, keys and bodies outlive their stack, and are protected from deletion by mistake. */
  readonly keepsData: boolean;
  /** Partner event sources already offered to the account; a bus cannot be deployed before its source exists. */
  readonly partnerEventSources: readonly string[];
  /** Whose tokens /v1 and the console accept: an OpenID Connect issuer. */
  readonly issuer: string | undefined;
  /** What `aud` must be; the hub's own /v1 address where it is not given. */
  readonly audience: string | undefined;
  readonly consoleClientId: string;
  /** Where alarms of high severity go; a topic of the hub's own where it is not given. */
  readonly alarmTopicArn: string | undefined;
  /** At most this many at once of each consumer of a queue; at least 2, as SQS event sources demand. */
  readonly concurrency: { readonly live: number; readonly background: number };
  /** Requests a second to the whole HTTP API, and how many may come at once. */
  readonly throttle: { readonly ratePerSecond: number; readonly burst: number };
  /** Limits, schedules, timeouts, alarm thresholds and features; `--context settings='{"…"}'` gives others. */
  readonly settings: HubSettings;
}

const DEFAULTS: Omit<Stage, 'name'> = {
  isLocal: false,
  logRetentionDays: 30,
  keepsData: true,
  partnerEventSources: [],
  issuer: undefined,
  audience: undefined,
  consoleClientId: 'deskbridge-console',
  alarmTopicArn: undefined,
  concurrency: { live: 50, background: 5 },
  throttle: { ratePerSecond: 500, burst: 1_000 },
  settings: hubSettings({}, catalog),
};

/** A stage that is not named here has the defaults: a developer's own, `--context stage=anna`. */
const STAGES: Readonly<Record<string, Partial<Stage>>> = {
  local: {
    isLocal: true,
    keepsData: false,
    partnerEventSources: ['aws.partner/salesforce.com/00D000000000001EAA/deskbridge'],
    concurrency: { live: 4, background: 2 },
  },
  dev: { logRetentionDays: 7, keepsData: false, concurrency: { live: 10, background: 2 } },
  prod: { logRetentionDays: 90 },
};

const RETENTION_DAYS = [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731];

/** `fromContext` gives what `--context key=value` or cdk.json says; those win over the table above. */
export function stageOf(fromContext: (key: string) => unknown): Stage {
  const name = text('stage', fromContext('stage') ?? 'dev', /^[a-z][a-z0-9-]{0,15}$/);
  const settings = { ...DEFAULTS, ...STAGES[name], name };
  const given = <Value>(
    key: string,
    read: (key: string, value: unknown) => Value,
    otherwise: Value,
  ): Value => {
    const value = fromContext(key);
    return value === undefined || value === '' ? otherwise : read(key, value);
  };
  return {
    ...settings,
    logRetentionDays: given('logRetentionDays', retention, settings.logRetentionDays),
    partnerEventSources: given('partnerEventSources', sources, settings.partnerEventSources),
    issuer: given('issuer', (key, value) => text(key, value, /^https:\/\/[^\s?#]+$/), settings.issuer),
    audience: given('audience', (key, value) => text(key, value, /^\S+$/), settings.audience),
    consoleClientId: given(
      'consoleClientId',
      (key, value) => text(key, value, /^\S+$/),
      settings.consoleClientId,
    ),
    alarmTopicArn: given(
      'alarmTopicArn',
      (key, value) => text(key, value, /^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]+$/),
      settings.alarmTopicArn,
    ),
    settings: given('settings', tuning, settings.settings),
  };
}

/** An object in cdk.json, JSON text on the command line. */
function tuning(key: string, value: unknown): HubSettings {
  return hubSettings(typeof value === 'string' ? json(key, value) : value, catalog, `context.${key}`);
}

function json(key: string, value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    throw new TypeError(`context "${key}" is ${JSON.stringify(value)}, expected a JSON object`);
  }
}

function text(key: string, value: unknown, pattern: RegExp): string {
  if (typeof value === 'string' && pattern.test(value)) return value;
  throw new TypeError(`context "${key}" is ${JSON.stringify(value)}, expected text matching ${pattern}`);
}

function retention(key: string, value: unknown): number {
  const days = Number(value);
  if (RETENTION_DAYS.includes(days)) return days;
  throw new TypeError(
    `context "${key}" is ${JSON.stringify(value)}, expected one of ${RETENTION_DAYS.join(', ')}`,
  );
}

/** A JSON list in cdk.json, comma-separated text on the command line. */
function sources(key: string, value: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(value) ? value : String(value).split(',');
  return names.map((name) => text(key, name, /^aws\.partner\/[\w.-]+(\/[\w.-]+)+$/));
}
