import { Agent, type IncomingHttpHeaders, request } from 'node:http';

/** The Lambda Runtime API, as aws-lambda-ric's native client speaks it: long poll, answer, next. */
const [host = '127.0.0.1', port = '0'] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const base = '/2018-06-01/runtime/invocation';
let answered: Promise<unknown> = Promise.resolve();

interface Reply {
  readonly bodyJson: string;
  readonly headers: IncomingHttpHeaders;
}

export async function next(): Promise<Reply> {
  await answered;
  return call('GET', `${base}/next`).catch(leave);
}

/** The native client blocks here; ours lets `next` wait for the answer to have been taken. */
export function done(id: string, body: string): void {
  answered = call('POST', `${base}/${id}/response`, body).catch(leave);
}

export function error(id: string, body: string, _trace: string): void {
  answered = call('POST', `${base}/${id}/error`, body).catch(leave);
}

function call(method: string, path: string, body?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const sent = request({ host, port, method, path, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ bodyJson: Buffer.concat(chunks).toString('utf8'), headers: response.headers }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** Nobody to work for any more. */
function leave(): never {
  process.exit(0);
}
