import { ConfigurationError } from '../../errors.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

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
