import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import * as formats from 'ajv-formats';
import { openApiDocument } from '../../../functions/platform/api/document.ts';
import { match } from '../../../functions/platform/api/match.ts';
import { routes } from '../../../functions/platform/api/routes.ts';
import type { Answered, Asked } from './hub.ts';

type Content = Readonly<Record<string, { readonly schema: object }>>;
interface Response {
  readonly content?: Content;
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
}
interface Operation {
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, Response>>;
}

export const document = openApiDocument({
  publicUrl: 'https://hub.example',
  issuer: 'https://issuer.example',
}) as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default.default(ajv);
ajv.addSchema({ $id: 'hub', components: document.components }, 'hub');
const validators = new Map<string, ValidateFunction>();

/** Against a schema of the published document, by its component name. */
export function checkSchema(name: string, value: unknown): void {
  const validator = validators.get(name) ?? ajv.compile({ $ref: `hub#/components/schemas/${name}` });
  validators.set(name, validator);
  if (!validator(value)) throw new Error(`not a ${name}: ${ajv.errorsText(validator.errors)}`);
}

function nameIn(content: Content | undefined, type: string): string | undefined {
  const schema = content?.[type]?.schema as { $ref?: string } | undefined;
  return schema?.$ref?.split('/').at(-1);
}

/** Headers a client acts on: each that is sent is described, and each that is promised is sent. */
const TOLD = ['location', 'retry-after', 'www-authenticate', 'etag', 'allow'];

function checkHeaders(
  what: string,
  { headers: promised = {} }: Response,
  headers: Answered['headers'],
): void {
  const names = new Map(Object.entries(promised).map(([name, header]) => [name.toLowerCase(), header]));
  const untold = TOLD.filter((name) => name in headers && !names.has(name));
  if (untold.length > 0) throw new Error(`${what} does not tell of the header ${untold}`);
  const missing = [...names].filter(([name, { required }]) => required && !(name in headers));
  if (missing.length > 0) throw new Error(`${what} promises the header ${missing.map(([name]) => name)}`);
}

/** Every answer any test sees is one the document promises, and every request that got through one it allows. */
export function checkAnswer(asked: Asked, { status, headers, body, text }: Answered): void {
  const method = asked.method ?? 'GET';
  const matched = match(routes, method, new URL(asked.path, 'https://hub.example').pathname);
  if (matched.found !== 'route') {
    checkSchema('Problem', body);
    return;
  }
  const what = `${method} ${matched.route.path}`;
  const operation = document.paths[matched.route.path]?.[method.toLowerCase()] as Operation;
  const response = operation.responses[status];
  if (response === undefined) throw new Error(`${what} promises no ${status}: ${text}`);
  checkHeaders(`${what} ${status}`, response, headers);
  if (status < 300 && operation.requestBody !== undefined) {
    checkSchema(
      nameIn(operation.requestBody.content, 'application/json') as string,
      asked.body ?? JSON.parse(asked.raw ?? ''),
    );
  }
  if (response.content === undefined) {
    if (text !== '') throw new Error(`${what} ${status} promises no body: ${text}`);
    return;
  }
  const type = String(headers['content-type']);
  const name = nameIn(response.content, type);
  if (name === undefined) throw new Error(`${what} promises no ${type}`);
  checkSchema(name, body);
}
