import { ConfigurationError } from '../../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

interface Shape {
  readonly fits: (value: string, environment: Environment) => boolean;
  readonly expected: string;
}

const matching = (pattern: RegExp, expected: string): Shape => ({
  fits: (value) => pattern.test(value),
  expected,
});
const WEB = /^https?:$/;
const isWeb = (value: string): boolean => URL.canParse(value) && WEB.test(new URL(value).protocol);
const WEB_ADDRESS: Shape = { fits: isWeb, expected: 'a web address' };
const ISSUER: Shape = {
  fits: (value, { LOCAL_MODE }) => isWeb(value) && (LOCAL_MODE === '1' || value.startsWith('https:')),
  expected: 'an https address',
};
const NAME = matching(/^[\w.-]{1,255}$/, 'a name of letters, digits, dots, hyphens and underscores');
const KEY = matching(/^arn:[\w-]+:kms:[\w-]+:\d{12}:(key|alias)\/\S+$/, 'the arn of a key');

/** Without zod: this stands in the cold path of every function. */
const SHAPES: Readonly<Record<string, Shape>> = {
  RECORDS_TABLE: NAME,
  CONNECTIONS_TABLE: NAME,
  LIMITS_TABLE: NAME,
  AUDIT_TABLE: NAME,
  CONTENT_BUCKET: matching(/^[a-z\d][a-z\d.-]{1,61}[a-z\d]$/, 'the name of a bucket'),
  EVENT_BUS_NAME: matching(/^[\w./-]{1,256}$/, 'the name or arn of an event bus'),
  CHANGES_QUEUE_URL: WEB_ADDRESS,
  DELTAS_QUEUE_URL: WEB_ADDRESS,
  BACKFILL_QUEUE_URL: WEB_ADDRESS,
  PUBLIC_URL: WEB_ADDRESS,
  API_ISSUER: ISSUER,
  API_AUDIENCE: matching(/^\S+$/, 'text without spaces'),
  CONSOLE_CLIENT_ID: matching(/^\S+$/, 'text without spaces'),
  SECRETS_PREFIX: matching(/^[\w/+=.@-]{1,400}$/, 'the beginning of a secret’s name'),
  KEY_ARN: KEY,
  SECRETS_KEY_ARN: KEY,
  LOCAL_MODE: matching(/^1$/, '1, or nothing'),
};

/**
 * What is given must be right before a function takes any work; what is not given stops it where it is needed.
 * @throws ConfigurationError naming every wrong value, what was seen and what was expected
 */
export function checkEnvironment(environment: Environment): void {
  const wrong = Object.entries(SHAPES).flatMap(([name, { fits, expected }]) => {
    const value = environment[name];
    if (value === undefined || value === '' || fits(value, environment)) return [];
    return [`environment ${name}: saw ${JSON.stringify(value.slice(0, 80))}, expected ${expected}`];
  });
  if (wrong.length > 0) throw new ConfigurationError(wrong.join('; '));
}

/** A name that is missing stops the function before it takes any work. */
export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value === undefined || value === '') {
    throw new ConfigurationError(`environment ${name}: saw nothing, expected a value`);
  }
  return value;
}

/** `WORK_QUEUE_URLS`: a JSON object of integration id → queue url. */
export function queueUrls(environment: Environment, name: string): Readonly<Record<string, string>> {
  const text = required(environment, name);
  const urls = parsed(text);
  if (!isTextByName(urls)) {
    throw new ConfigurationError(`environment ${name}: saw ${text}, expected a JSON object of urls`);
  }
  return urls;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isTextByName(value: unknown): value is Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((each) => typeof each === 'string');
}
