/** The hub's own API as its agent platform uses it. */
export interface HubApi {
  get<Answer>(path: string): Promise<Answer>;
  /** Wherever they are: an answer may lead elsewhere. */
  getBytes(path: string): Promise<Buffer>;
  post<Answer>(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  patch<Answer>(path: string, body: unknown): Promise<Answer>;
  put<Answer>(path: string, body: unknown): Promise<Answer>;
  /** As a browser would: with the cookie the answer sets. */
  postForCookie<Answer>(path: string): Promise<{ readonly body: Answer; readonly cookie: string }>;
}

export class UnexpectedAnswer extends Error {
  readonly status: number;

  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} answered ${status}: ${body.slice(0, 400)}`);
    this.name = 'UnexpectedAnswer';
    this.status = status;
  }
}

export function hubApi(url: string, token: () => Promise<string>): HubApi {
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Response> => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await token()}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (response.ok) return response;
    throw new UnexpectedAnswer(method, path, response.status, await response.text());
  };
  const jsonOf = async <Answer>(sent: Promise<Response>): Promise<Answer> =>
    (await (await sent).json()) as Answer;
  return {
    get: (path) => jsonOf(send('GET', path)),
    getBytes: async (path) => Buffer.from(await (await send('GET', path)).arrayBuffer()),
    post: (path, body, headers) => jsonOf(send('POST', path, body, headers)),
    patch: (path, body) => jsonOf(send('PATCH', path, body, { 'idempotency-key': crypto.randomUUID() })),
    put: (path, body) => jsonOf(send('PUT', path, body)),
    postForCookie: async (path) => {
      const response = await send('POST', path);
      const cookie = (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      return { body: await response.json(), cookie };
    },
  };
}
