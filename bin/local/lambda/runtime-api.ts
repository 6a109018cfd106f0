import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { answerText, listenOnLoopback, readBody } from '../http-server.ts';

export interface Invocation {
  readonly id: string;
  readonly payload: string;
  readonly deadlineMs: number;
  readonly functionArn: string;
}

/** What a sandbox says about itself over the Runtime API. */
export type RuntimeReport =
  | { readonly report: 'ready' }
  | { readonly report: 'answered'; readonly id: string; readonly body: string }
  | { readonly report: 'failed'; readonly id: string; readonly body: string }
  | { readonly report: 'init-failed'; readonly body: string };

export interface RuntimeApi {
  /** `host:port`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** Hands over one invocation, when the sandbox next asks; never a second one before the answer. */
  deliver(invocation: Invocation): void;
  close(): void;
}

const base = '/2018-06-01/runtime';

/**
 * The Lambda Runtime API for one sandbox, on a port of its own as the protocol names no caller.
 * https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function startRuntimeApi(onReport: (report: RuntimeReport) => void): Promise<RuntimeApi> {
  let waiting: ServerResponse | undefined;
  let undelivered: Invocation | undefined;

  const deliver = (): void => {
    if (waiting === undefined || undelivered === undefined) return;
    answerText(waiting, 200, undelivered.payload, headersOf(undelivered));
    waiting = undefined;
    undelivered = undefined;
  };
  const server = createServer(async (request, response) => {
    const path = request.url ?? '';
    if (path === `${base}/invocation/next`) {
      waiting = response;
      onReport({ report: 'ready' });
      deliver();
      return;
    }
    const body = (await readBody(request)).toString('utf8');
    accept(response);
    const report = reportOf(path, request, body);
    if (report !== undefined) onReport(report);
  });
  const port = await listenOnLoopback(server);

  return {
    address: `127.0.0.1:${port}`,
    deliver: (invocation) => {
      undelivered = invocation;
      deliver();
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function reportOf(path: string, request: IncomingMessage, body: string): RuntimeReport | undefined {
  if (path === `${base}/init/error`) return { report: 'init-failed', body };
  const [, id, end] = path.match(/\/invocation\/([^/]+)\/(response|error)$/) ?? [];
  if (id === undefined) return undefined;
  // A stream that broke off says so in its trailers, after a 200 and half a body.
  const broken = request.trailers['lambda-runtime-function-error-body'];
  if (typeof broken === 'string') {
    return { report: 'failed', id, body: Buffer.from(broken, 'base64').toString('utf8') };
  }
  return { report: end === 'response' ? 'answered' : 'failed', id, body };
}

function headersOf(invocation: Invocation): Record<string, string> {
  return {
    'content-type': 'application/json',
    'lambda-runtime-aws-request-id': invocation.id,
    'lambda-runtime-deadline-ms': String(invocation.deadlineMs),
    'lambda-runtime-invoked-function-arn': invocation.functionArn,
  };
}

function accept(response: ServerResponse): void {
  answerText(response, 202, '{"status":"OK"}', { 'content-type': 'application/json' });
}
