import { type HubApi, UnexpectedAnswer } from './hub-api.ts';

export interface NewConnection {
  readonly integration: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly settings: Readonly<Record<string, string | boolean>>;
  /** Goes where an operator puts it: into the connection's secret, never through the API. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Connects as an operator would: create, put the secrets in place, authorize. */
export async function connect(
  api: HubApi,
  awsUrl: string,
  wanted: NewConnection,
): Promise<{ readonly id: string }> {
  const { secrets, ...request } = wanted;
  const { id } = await api.post<{ id: string }>('/v1/connections', request);
  await addSecrets(awsUrl, secretNameOf(id), secrets);
  await authorize(api, id);
  return { id };
}

/** Where an operator puts what a connection needs to know. */
export function secretNameOf(connection: string): string {
  return `deskbridge/local/connections/${connection}`;
}

interface Begun {
  readonly state: 'needs-person' | 'authorized';
  readonly authorizeUrl?: string;
}

/** The sandbox's person always allows; the cookie proves that the browser that began comes back. */
export async function authorize(api: HubApi, connection: string): Promise<void> {
  const path = `/v1/connections/${connection}/authorize`;
  const { body, cookie } = await api.postForCookie<Begun>(path);
  if (body.state === 'authorized' || body.authorizeUrl === undefined) return;
  const vendor = await fetch(body.authorizeUrl, { redirect: 'manual' });
  const back = vendor.headers.get('location') ?? '';
  const callback = await fetch(back, { redirect: 'manual', headers: { cookie } });
  const end = callback.headers.get('location') ?? '';
  if (!end.includes('connected=')) throw new UnexpectedAnswer('GET', '/oauth/callback', callback.status, end);
}

async function addSecrets(
  awsUrl: string,
  name: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const call = async (operation: string, input: unknown): Promise<{ SecretString?: string }> => {
    const response = await fetch(awsUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `secretsmanager.${operation}`,
      },
      body: JSON.stringify(input),
    });
    if (response.ok) return (await response.json()) as { SecretString?: string };
    throw new UnexpectedAnswer('POST', operation, response.status, await response.text());
  };
  const existing = await call('GetSecretValue', { SecretId: name });
  const merged = { ...(JSON.parse(existing.SecretString ?? '{}') as object), ...values };
  await call('PutSecretValue', { SecretId: name, SecretString: JSON.stringify(merged) });
}
