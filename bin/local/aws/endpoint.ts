import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerJson, closeServer, listenOnLoopback, readBody } from '../http-server.ts';
import type { Fauxqs } from '../sqs/fauxqs.ts';
import { errorXmlOf, queryToJson, xmlOf } from '../sqs/query-protocol.ts';
import type { Queues, SendBody } from '../sqs/queues.ts';
import { overrideHeaders } from './response-overrides.ts';
import { type Service, ServiceError } from './service.ts';

/** Answers a path, or says that it is not its own. */
export type PathHandler = (
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) => Promise<boolean>;

export interface AwsParts {
  readonly fauxqs: Fauxqs;
  readonly queues: Queues;
  readonly services: Service;
  readonly paths: readonly PathHandler[];
  readonly dynamoDbUrl: string;
}

export interface AwsEndpoint {
  readonly url: string;
  /** Until its parts are set, everything is 503: queue URLs need its port before they exist. */
  serve(parts: AwsParts): void;
  close(): Promise<void>;
}

/** Every emulated AWS service on one loopback port, told apart as their protocols tell them apart. */
export async function startAwsEndpoint(port = 0): Promise<AwsEndpoint> {
  let parts: AwsParts | undefined;
  const server = createServer((request, response) => {
    if (parts === undefined) return answerJson(response, 503, { message: 'starting' });
    route(request, response, parts).catch((error: unknown) => refuse(response, error));
  });
  const actualPort = await listenOnLoopback(server, port);
  return {
    url: `http://127.0.0.1:${actualPort}`,
    serve: (given) => {
      parts = given;
    },
    close: () => closeServer(server),
  };
}

async function route(request: IncomingMessage, response: ServerResponse, parts: AwsParts): Promise<void> {
  const target = request.headers['x-amz-target'];
  if (typeof target === 'string') return routeTarget(target, request, response, parts);
  if (request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true) {
    return routeQuery(request, response, parts);
  }
  const path = (request.url ?? '/').split('?')[0] ?? '/';
  for (const handle of parts.paths) {
    if (await handle(path, request, response)) return;
  }
  const service = signedFor(request);
  if (service !== undefined && service !== 's3') {
    const what = `${service}: ${request.method} ${path} is not part of the local hub`;
    throw new ServiceError('UnknownOperationException', what, 404);
  }
  overrideHeaders(request, response);
  parts.fauxqs.route(request, response);
}

async function routeTarget(
  target: string,
  request: IncomingMessage,
  response: ServerResponse,
  parts: AwsParts,
): Promise<void> {
  if (target === 'AmazonSQS.SendMessage' || target === 'AmazonSQS.SendMessageBatch') {
    const action = target === 'AmazonSQS.SendMessage' ? 'SendMessage' : 'SendMessageBatch';
    const body = JSON.parse((await readBody(request)).toString('utf8')) as SendBody;
    return answerJson(response, 200, parts.queues.sendAction(action, body), jsonType(target));
  }
  const operation = parts.services[target];
  if (operation !== undefined) {
    const text = (await readBody(request)).toString('utf8');
    const answer = await operation(JSON.parse(text === '' ? '{}' : text) as Record<string, unknown>);
    return answerJson(response, 200, answer ?? {}, jsonType(target));
  }
  if (target.startsWith('AmazonSQS.')) return parts.fauxqs.route(request, response);
  if (target.startsWith('DynamoDB_')) return passOn(request, response, parts.dynamoDbUrl);
  throw new ServiceError('UnknownOperationException', `${target} is not part of the local hub`);
}

/** The form-encoded protocol of older clients: SNS and STS natively, SQS by translation. */
async function routeQuery(
  request: IncomingMessage,
  response: ServerResponse,
  parts: AwsParts,
): Promise<void> {
  const text = (await readBody(request)).toString('utf8');
  const form = new URLSearchParams(text);
  if (form.get('Version') !== '2012-11-05') {
    const type = 'application/x-www-form-urlencoded';
    const answer = await parts.fauxqs.inject({ ...signature(request), 'content-type': type }, text);
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.body);
    return;
  }
  const action = form.get('Action') ?? '';
  const input = queryToJson(form, request.url ?? '/');
  try {
    const answer = await answerQuery(action, input, request, parts);
    response.writeHead(200, { 'content-type': 'text/xml' }).end(xmlOf(action, answer));
  } catch (error) {
    const { code, queryCode = code.split('#').at(-1) ?? code, status } = refusalOf(error);
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(errorXmlOf(queryCode, messageOf(error), status < 500));
  }
}

async function answerQuery(
  action: string,
  input: Record<string, unknown>,
  request: IncomingMessage,
  parts: AwsParts,
): Promise<unknown> {
  const operation = parts.services[`AmazonSQS.${action}`];
  if (operation !== undefined) return operation(input);
  const isSending = action === 'SendMessage' || action === 'SendMessageBatch';
  return isSending ? parts.queues.sendAction(action, input) : viaJson(action, input, request, parts);
}

async function viaJson(
  action: string,
  input: unknown,
  request: IncomingMessage,
  parts: AwsParts,
): Promise<unknown> {
  const headers = { ...signature(request), 'content-type': 'application/x-amz-json-1.0' };
  const answer = await parts.fauxqs.inject(
    { ...headers, 'x-amz-target': `AmazonSQS.${action}` },
    JSON.stringify(input),
  );
  const body = JSON.parse(answer.body === '' ? '{}' : answer.body) as { __type?: string; message?: string };
  if (answer.status < 300) return body;
  throw new ServiceError(
    body.__type?.split('#').at(-1) ?? 'InternalError',
    body.message ?? '',
    answer.status,
    answer.queryError,
  );
}

async function passOn(request: IncomingMessage, response: ServerResponse, url: string): Promise<void> {
  const body = await readBody(request);
  const headers = { ...signature(request), 'content-type': 'application/x-amz-json-1.0' };
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'x-amz-target': String(request.headers['x-amz-target']) },
    body: new Uint8Array(body),
  });
  response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' });
  response.end(Buffer.from(await answer.arrayBuffer()));
}

/** Nobody checks it, but the region is read from it and DynamoDB wants to see one. */
function signature(request: IncomingMessage): Record<string, string> {
  const names = ['authorization', 'host', 'x-amz-date'];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = request.headers[name];
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

/** Which service the client meant: its credential's scope names it. */
function signedFor(request: IncomingMessage): string | undefined {
  return /Credential=[^,/]+\/\d+\/[^/]+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1];
}

function jsonType(target: string): string {
  const isOldest = target.startsWith('AmazonSQS.') || target.startsWith('DynamoDB_');
  return isOldest ? 'application/x-amz-json-1.0' : 'application/x-amz-json-1.1';
}

function refuse(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return;
  const { code, status } = refusalOf(error);
  const message = messageOf(error);
  response.setHeader('x-amzn-errortype', code);
  answerJson(response, status, { __type: code, message }, 'application/x-amz-json-1.1');
}

/** What the older protocol spells otherwise it spells with its service's name before it. */
function queryCodeOf(code: unknown, queryCode: unknown): string {
  return queryCode === code ? String(code) : `AWS.SimpleQueueService.${String(queryCode)}`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

interface Refusal {
  readonly code: string;
  readonly status: number;
  readonly queryCode?: string | undefined;
}

/** fauxqs's errors carry the same facts under their own names. */
function refusalOf(error: unknown): Refusal {
  if (error instanceof ServiceError) return error;
  if (error instanceof SyntaxError) return { code: 'SerializationException', status: 400 };
  if (error instanceof Error && 'code' in error && 'statusCode' in error) {
    return {
      code: `com.amazonaws.sqs#${String(error.code)}`,
      status: Number(error.statusCode),
      queryCode: queryCodeOf(error.code, 'queryCode' in error ? error.queryCode : error.code),
    };
  }
  return { code: 'InternalFailure', status: 500 };
}
