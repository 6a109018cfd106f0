import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { Contents } from '../../contents.ts';
import { boundaryOf, partsOf } from '../../multipart.ts';
import type { CallFault, Faults } from '../faults.ts';
import type { SandboxFile } from '../model.ts';
import type { OAuth } from '../oauth.ts';
import type { Stream } from '../server.ts';
import type { Files } from './files.ts';

interface Parts {
  readonly files: Files;
  readonly contents: Contents;
  readonly oauth: OAuth;
  readonly faults: Faults;
}

const UPLOAD = /^\/upload\/v1\/([0-9a-f]+)$/;
const DOWNLOAD = /^\/files-pri\/[A-Z0-9]+-(F[A-Z0-9]+)\/(?:download\/)?[^/]*$/;
const SIGN_IN = '<!DOCTYPE html><html><body>Sign in to your workspace</body></html>';

/** Where bytes come in and go out: no methods of the Web API, but addresses of their own. Faults call them so. */
export function fileDoors(parts: Parts): Stream {
  return (incoming, outgoing) => {
    const { pathname } = new URL(incoming.url ?? '/', 'http://sandbox.invalid');
    const ticket = UPLOAD.exec(pathname)?.[1];
    const id = DOWNLOAD.exec(pathname)?.[1];
    if (ticket === undefined && id === undefined) return false;
    const answer =
      ticket === undefined
        ? download(parts, id!, incoming, outgoing)
        : upload(parts, ticket, incoming, outgoing);
    answer.catch(() => incoming.socket.destroy());
    return true;
  };
}

/**
 * Raw bytes, or a form with the file as its only part; nobody need sign in who knows the address.
 * https://docs.slack.dev/reference/methods/files.getUploadURLExternal (Usage info)
 */
async function upload(
  parts: Parts,
  ticket: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const fault = await begun(parts.faults, 'upload', incoming, outgoing);
  if (fault === 'over') return;
  const file = parts.files.byTicket(ticket);
  if (file === undefined || file.state === 'deleted') return plain(outgoing, 404, 'not found');
  const taken = await parts.contents.take(fileIn(incoming));
  // A length other than was announced is refused; Slack publishes no more than "non-200 otherwise".
  if (taken.size !== file.size) return plain(outgoing, 400, `expected ${file.size} bytes`);
  parts.files.fill(file, taken);
  if (fault?.effect === 'drop-after') return void incoming.socket.destroy();
  plain(outgoing, 200, `OK - ${taken.size}`);
}

async function* fileIn(incoming: IncomingMessage): AsyncIterable<Buffer> {
  const boundary = boundaryOf(incoming.headers['content-type']);
  if (boundary === undefined) return yield* incoming as AsyncIterable<Buffer>;
  for await (const { body } of partsOf(incoming, boundary)) yield* body;
}

/**
 * Without a good token the answer is a page for people, directly or one redirect away; so it is without files:read.
 * https://github.com/slackapi/deno-slack-sdk/issues/285
 */
async function download(
  parts: Parts,
  id: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const fault = await begun(parts.faults, 'download', incoming, outgoing);
  if (fault === 'over') return;
  const file = parts.files.get(id);
  const scopes = scopesOf(parts.oauth, incoming);
  if (scopes === undefined) {
    outgoing
      .writeHead(302, { location: `${parts.files.url}/?redir=${encodeURIComponent(incoming.url ?? '/')}` })
      .end();
    return;
  }
  if (!scopes.includes('files:read') || fault?.effect === 'login-page') return page(outgoing);
  if (file?.content === undefined) return plain(outgoing, 404, 'File not found');
  await send(parts.contents, file, outgoing, fault);
}

async function send(
  contents: Contents,
  file: SandboxFile,
  outgoing: ServerResponse,
  fault: CallFault | undefined,
): Promise<void> {
  const size = fault?.effect === 'short' ? Math.floor(file.size / 2) : file.size;
  outgoing.writeHead(200, {
    'content-type': file.mimetype,
    'content-length': String(size),
    'content-disposition': `attachment; filename="${file.name.replaceAll(/[^\x20-\x7e]|"/g, '_')}"`,
  });
  await pipeline(Readable.from(pieces(), { objectMode: false }), outgoing).catch(() => outgoing.destroy());

  async function* pieces() {
    let sent = 0;
    for await (const piece of contents.read(file.content!) as AsyncIterable<Buffer>) {
      if (fault?.effect === 'cut' && sent >= file.size / 2) throw new Error('cut off');
      const rest = piece.subarray(0, size - sent);
      sent += rest.length;
      if (rest.length > 0) yield rest;
    }
  }
}

async function begun(faults: Faults, method: string, incoming: IncomingMessage, outgoing: ServerResponse) {
  const fault = faults.forCall(method);
  if (fault?.effect === 'slow') await pause(fault.ms ?? 1_000);
  if (fault?.effect === 'drop-before') {
    incoming.socket.destroy();
    return 'over';
  }
  if (fault?.effect === 'throttle') {
    outgoing.writeHead(429, { 'retry-after': String(fault.retryAfterSeconds ?? 1) }).end();
    return 'over';
  }
  if (fault?.effect === 'fail') {
    plain(outgoing, fault.status ?? 500, 'upstream failure');
    return 'over';
  }
  return fault;
}

function scopesOf(oauth: OAuth, { headers }: IncomingMessage): readonly string[] | undefined {
  try {
    return oauth.authenticate(/^Bearer (.+)$/u.exec(headers.authorization ?? '')?.[1]).scopes;
  } catch {
    return undefined;
  }
}

function plain(outgoing: ServerResponse, status: number, body: string): void {
  outgoing.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' }).end(body);
}

export function page(outgoing: ServerResponse): void {
  outgoing.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(SIGN_IN);
}
