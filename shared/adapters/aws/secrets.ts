import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ConfigurationError } from '../../errors.ts';
import type { Clock, Secrets } from '../../ports/index.ts';
import { clientSettings, lean } from './client-settings.ts';
import { failure, nameOf } from './failure.ts';

/** A rotated secret is taken up within this; until then the previous one still verifies. */
const CACHE_MS = 60_000;

export interface SecretsManagerOptions {
  /** `deskbridge/<stage>/` */
  readonly prefix: string;
  readonly clock: Clock;
  readonly client?: SecretsManagerClient;
}

type Values = Readonly<Record<string, string>>;

export function secretName(prefix: string, connection: string): string {
  return `${prefix}connections/${connection}`;
}

export function secretsManager({ prefix, clock, client }: SecretsManagerOptions): Secrets {
  const cache = new Map<string, { readonly values: Values; readonly untilMs: number }>();
  let made = client;
  return {
    async get(connection, { fresh = false } = {}) {
      const cached = cache.get(connection);
      if (!fresh && cached !== undefined && clock.now() < cached.untilMs) return cached.values;
      made ??= lean(new SecretsManagerClient(clientSettings()));
      const values = await read(made, secretName(prefix, connection));
      if (values === undefined) cache.delete(connection);
      else cache.set(connection, { values, untilMs: clock.now() + CACHE_MS });
      return values;
    },
  };
}

/** One scheduled for deletion is an invalid request: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
const GONE: ReadonlySet<string> = new Set(['ResourceNotFoundException', 'InvalidRequestException']);

async function read(client: SecretsManagerClient, SecretId: string): Promise<Values | undefined> {
  let text: string | undefined;
  try {
    text = (await client.send(new GetSecretValueCommand({ SecretId }))).SecretString;
  } catch (error) {
    if (GONE.has(nameOf(error))) return undefined;
    throw failure('the secret store', error);
  }
  return parsed(SecretId, text);
}

/** The parser's own message would quote the secret, so it goes nowhere. */
function parsed(name: string, text: string | undefined): Values {
  try {
    const values: unknown = JSON.parse(text ?? '');
    if (typeof values === 'object' && values !== null) return values as Values;
  } catch {}
  throw new ConfigurationError(`secret ${name} is not a JSON object, expected one of names and values`);
}
