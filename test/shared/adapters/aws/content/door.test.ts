import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closeServer, listenOnLoopback } from '../../../../../bin/local/http-server.ts';
import { uploadDoor } from '../../../../../shared/adapters/aws/content/door.ts';
import type { UploadDoor } from '../../../../../shared/ports/index.ts';

const KEY = 'uploads/acme/1';
let server: Server;
let status = 200;
let door: UploadDoor;

const doorAt = (endpoint: string | undefined): UploadDoor =>
  uploadDoor({
    bucket: 'files',
    region: 'eu-central-1',
    credentials: async () => ({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token/+=' }),
    endpoint,
    prefix: 'uploads/',
    clock: { now: () => Date.parse('2026-11-27T01:00:00Z') },
  });

beforeAll(async () => {
  server = createServer((_request, response) => response.writeHead(status).end());
  door = doorAt(`http://127.0.0.1:${await listenOnLoopback(server)}`);
});
afterAll(() => closeServer(server));

describe('the address a client puts a file at', () => {
  it('is signed for its length and checksum, names no key of its own, and says when it ends', async () => {
    const { url, headers, expiresAtMs } = await doorAt(undefined).address(KEY, { size: 5, sha256: '00ff' });

    const { origin, pathname, searchParams } = new URL(url);
    expect(origin + pathname).toBe('https://files.s3.eu-central-1.amazonaws.com/uploads/acme/1');
    expect(searchParams.get('X-Amz-SignedHeaders')).toBe('content-length;host;x-amz-checksum-sha256');
    expect(searchParams.get('X-Amz-Expires')).toBe('900');
    expect(searchParams.get('X-Amz-Security-Token')).toBe('token/+=');
    expect(headers).toEqual({ 'x-amz-checksum-sha256': 'AP8=' });
    expect(new Date(expiresAtMs).toISOString()).toBe('2026-11-27T01:15:00.000Z');
  });
});

describe('an S3 that does not do as it is asked', () => {
  it.each([
    [403, 'configuration'],
    [500, 'provider_unavailable'],
    [503, 'provider_unavailable'],
  ])('answering %i is told by what is to be done next', async (answered, code) => {
    status = answered;

    await expect(door.look(KEY)).rejects.toMatchObject({ code });
    await expect(door.delete(KEY)).rejects.toMatchObject({ code });
  });

  it('not answering at all is away', async () => {
    await expect(doorAt('http://127.0.0.1:1').look(KEY)).rejects.toMatchObject({
      code: 'provider_unavailable',
    });
  });
});
