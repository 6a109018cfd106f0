import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

const OVERRIDES = [
  'content-type',
  'content-language',
  'expires',
  'cache-control',
  'content-disposition',
  'content-encoding',
];

/**
 * The headers that a GetObject asks for in its query, which fauxqs does not heed.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Overriding response header values)
 */
export function overrideHeaders(request: IncomingMessage, response: ServerResponse): void {
  const { searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const asked = OVERRIDES.flatMap((name) => {
    const value = searchParams.get(`response-${name}`);
    return value === null ? [] : [[name, value] as const];
  });
  if (request.method !== 'GET' || asked.length === 0) return;
  const writeHead = response.writeHead.bind(response);
  response.writeHead = (status: number, ...rest: unknown[]) => {
    const headers = { ...(rest.at(-1) as OutgoingHttpHeaders | undefined) };
    return writeHead(status, status < 300 ? { ...headers, ...Object.fromEntries(asked) } : headers);
  };
}
