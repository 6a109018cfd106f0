import type { IncomingMessage } from 'node:http';
import type { Deployment } from '../template/deployment.ts';
import type { PathHandler } from './endpoint.ts';

export interface CorsRule {
  readonly AllowedOrigins: readonly string[];
  readonly AllowedMethods: readonly string[];
  readonly AllowedHeaders?: readonly string[];
  readonly MaxAge?: number;
}

interface BucketProperties {
  readonly CorsConfiguration?: { readonly CorsRules: readonly CorsRule[] };
}

/** What the templates let pages of other origins do with each bucket. */
export function corsRulesOf(deployment: Deployment): (bucket: string) => readonly CorsRule[] {
  const rules = new Map(
    deployment
      .ofType<BucketProperties>('AWS::S3::Bucket')
      .map(({ identity, properties }) => [identity.ref, properties.CorsConfiguration?.CorsRules ?? []]),
  );
  return (bucket) => rules.get(bucket) ?? [];
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html: the first rule that fits, or nothing at all. */
export function bucketCors(rulesOf: (bucket: string) => readonly CorsRule[]): PathHandler {
  return async (path, request, response) => {
    const { origin } = request.headers;
    if (origin === undefined) return false;
    const rule = rulesOf(path.split('/')[1] ?? '').find((each) => fits(each, origin, request));
    if (rule !== undefined)
      response.setHeader('access-control-allow-origin', origin).setHeader('vary', 'Origin');
    if (request.method !== 'OPTIONS') return false;
    if (rule === undefined) {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end('<Error><Code>AccessForbidden</Code><Message>CORSResponse: not allowed</Message></Error>');
      return true;
    }
    response.setHeader('access-control-allow-methods', rule.AllowedMethods.join(', '));
    response.setHeader('access-control-allow-headers', headersOf(request).join(', '));
    if (rule.MaxAge !== undefined) response.setHeader('access-control-max-age', rule.MaxAge);
    response.writeHead(200, { 'content-length': 0 }).end();
    return true;
  };
}

function fits(
  { AllowedOrigins, AllowedMethods, AllowedHeaders = [] }: CorsRule,
  origin: string,
  request: IncomingMessage,
) {
  const method = request.headers['access-control-request-method'] ?? request.method ?? '';
  const allowed = AllowedHeaders.map((name) => name.toLowerCase());
  return (
    AllowedOrigins.includes(origin) &&
    AllowedMethods.includes(method) &&
    headersOf(request).every((name) => allowed.includes(name))
  );
}

const headersOf = ({ headers }: IncomingMessage): readonly string[] =>
  (headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
