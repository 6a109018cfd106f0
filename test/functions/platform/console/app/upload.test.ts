import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Client } from '../../../../../functions/platform/console/app/src/client.ts';
import { type Put, sendFile } from '../../../../../functions/platform/console/app/src/upload.ts';

const BYTES = Buffer.from('how to quiet a lamp');
const PUT = { url: 'https://files.example/uploads/1', headers: { 'x-amz-checksum-sha256': 'c' } };

function hub() {
  const asked: unknown[] = [];
  const post = async (path: string, key?: string, body?: unknown) => {
    asked.push([path, key, body]);
    return path.endsWith('/uploads') ? { id: 'u 1', put: PUT } : { id: 'u 1', name: 'manual.txt' };
  };
  const put: Put = async (to, bytes, onProgress) => {
    onProgress(0.5);
    asked.push([to, Buffer.from(await bytes.arrayBuffer()).toString()]);
  };
  return { asked, put, client: { post } as unknown as Client };
}
const chosen = (file: File) => ({ ticket: 't/1', file, visibility: 'internal', key: 'k' }) as const;

describe('a file sent from the console', () => {
  it('is announced as what it is, put where the hub says, and completed', async () => {
    const { client, put, asked } = hub();
    const shares: number[] = [];

    const made = await sendFile(
      client,
      put,
      chosen(new File([BYTES], 'manual.txt', { type: 'text/plain' })),
      (share) => shares.push(share),
    );

    expect(made).toMatchObject({ name: 'manual.txt' });
    expect(asked).toEqual([
      [
        '/v1/tickets/t%2F1/uploads',
        'k',
        {
          name: 'manual.txt',
          type: 'text/plain',
          size: BYTES.length,
          sha256: createHash('sha256').update(BYTES).digest('hex'),
          visibility: 'internal',
        },
      ],
      [PUT, BYTES.toString()],
      ['/v1/uploads/u%201/complete', 'k-done', undefined],
    ]);
    expect(shares).toEqual([0.5]);
  });

  it('of a type that the browser does not know is bytes', async () => {
    const { client, put, asked } = hub();

    await sendFile(client, put, chosen(new File([BYTES], 'manual')), () => {});

    expect(asked[0]).toEqual([
      '/v1/tickets/t%2F1/uploads',
      'k',
      expect.objectContaining({ type: 'application/octet-stream' }),
    ]);
  });

  it('is not begun where it is too large for a page to look at whole', async () => {
    const { client, put, asked } = hub();
    const huge = Object.defineProperty(new File([BYTES], 'film.mov'), 'size', { value: 300 * 1024 ** 2 });

    await expect(sendFile(client, put, chosen(huge), () => {})).rejects.toThrow('up to 256 MB');
    expect(asked).toEqual([]);
  });

  it('is no file where its bytes did not get through', async () => {
    const { client, asked } = hub();
    const torn: Put = async () => {
      throw new Error('the file did not get through');
    };

    await expect(sendFile(client, torn, chosen(new File([BYTES], 'a.txt')), () => {})).rejects.toThrow(
      'did not get through',
    );
    expect(asked).toHaveLength(1);
  });
});
