import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { issuerOrigins } from './issuer-origins.ts';
import { readSite, type SiteFile } from './site.ts';

type Result = APIGatewayProxyStructuredResultV2;

export interface ConsoleSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly audience: string;
  readonly publicUrl: string;
  /** Where the page puts the files that a person sends. */
  readonly contentOrigin: string;
  /** Where the built app lies. */
  readonly folder: string;
  /** Asks the issuer where its tokens are to be had. */
  readonly fetch: typeof fetch;
}

/** No inline script or style runs, nothing is loaded from elsewhere; only the issuer and the files' bucket are spoken to. */
function securityHeaders(publicUrl: string, origins: readonly string[]): Record<string, string> {
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self' data:",
    `connect-src ${["'self'", ...origins].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    'content-security-policy': policy.join('; '),
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'camera=(), geolocation=(), microphone=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    ...(publicUrl.startsWith('https:') ? { 'strict-transport-security': 'max-age=31536000' } : {}),
  };
}

function fileResult(file: SiteFile, acceptEncoding: string): Result {
  const gzipped = /\bgzip\b/.test(acceptEncoding) ? file.gzipped : undefined;
  return {
    statusCode: 200,
    headers: {
      'content-type': file.contentType,
      'cache-control': file.isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache',
      vary: 'accept-encoding',
      ...(gzipped === undefined ? {} : { 'content-encoding': 'gzip' }),
    },
    body: (gzipped ?? file.bytes).toString('base64'),
    isBase64Encoded: true,
  };
}

function configResult({ issuer, clientId, audience }: ConsoleSettings): Result {
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
    body: JSON.stringify({ issuer, clientId, audience }),
  };
}

const NOTHING: Result = {
  statusCode: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  body: 'There is no such page.',
};

const PAGE = 'index.html';

/** `/console`, `/console/` and every file below it; a query belongs to the sign-in and is the page's own. */
function nameOf({ rawPath }: APIGatewayProxyEventV2): string {
  const name = rawPath.replace(/^\/console\/?/, '');
  return name === '' ? PAGE : name;
}

export function webConsole(settings: ConsoleSettings) {
  const { issuer, publicUrl, contentOrigin, folder } = settings;
  const originsOf = issuerOrigins(issuer, settings.fetch);
  let reading: ReturnType<typeof readSite> | undefined;
  const answer = async (name: string, event: APIGatewayProxyEventV2): Promise<Result> => {
    if (name === 'config.json') return configResult(settings);
    reading ??= readSite(folder);
    const file = (await reading).get(name);
    return file === undefined ? NOTHING : fileResult(file, event.headers['accept-encoding'] ?? '');
  };
  return middy<APIGatewayProxyEventV2, Result>().handler(async (event: APIGatewayProxyEventV2) => {
    const name = nameOf(event);
    // Only a page has a policy a browser heeds: nothing else waits for the issuer.
    const issuers = name === PAGE ? await originsOf() : [new URL(issuer).origin];
    const result = await answer(name, event);
    return {
      ...result,
      headers: { ...securityHeaders(publicUrl, [...issuers, contentOrigin]), ...result.headers },
    };
  });
}
