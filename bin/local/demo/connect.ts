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
  await putSecrets(awsUrl, secretNameOf(id), secrets);
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

/** The whole secret, as an owner who knows nothing of what the hub keeps for itself puts it. */
async function putSecrets(
  awsUrl: string,
  SecretId: string,
  values: Readonly<Record<string, string>>,
): Promise<void> {
  const response = await fetch(awsUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'secretsmanager.PutSecretValue',
    },
    body: JSON.stringify({ SecretId, SecretString: JSON.stringify(values) }),
  });
  if (!response.ok) {
    throw new UnexpectedAnswer('POST', 'PutSecretValue', response.status, await response.text());
  }
}
