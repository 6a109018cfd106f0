import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { afterEach, describe, expect, it } from 'vitest';
import { guardedFetch, guardedTransfer } from '../../../shared/connections/index.ts';
import { virtualClock } from '../../memory/index.ts';

const defaults = { DEFAULT_MIN_VERSION: tls.DEFAULT_MIN_VERSION, DEFAULT_CIPHERS: tls.DEFAULT_CIPHERS };
afterEach(() => {
  Object.assign(tls, defaults);
});

const policy = { allowedHosts: [], isLocal: true };
const clock = virtualClock();
const WAYS: readonly [string, (url: string) => Promise<unknown>][] = [
  ['calls out', (url) => guardedFetch({ policy, clock, timeoutMs: 5_000 })(url)],
  [
    'transfers of files',
    (url) => guardedTransfer({ policy, clock, silenceMs: 5_000 })({ method: 'GET', url, headers: {} }),
  ],
];

/** Why a server that speaks no more than `maxVersion` could not agree with the hub's call. */
async function disagreement(
  call: (url: string) => Promise<unknown>,
  maxVersion: 'TLSv1.1' | 'TLSv1.2',
): Promise<unknown> {
  const server = tls.createServer({ minVersion: 'TLSv1', maxVersion, ciphers: 'DEFAULT@SECLEVEL=0' });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const refused = once(server, 'tlsClientError');
  const { port } = server.address() as AddressInfo;

  await expect(call(`https://127.0.0.1:${port}/`)).rejects.toThrow(TypeError);
  const [error] = (await refused) as [NodeJS.ErrnoException];
  server.close();
  return error.code;
}

describe.each(WAYS)('%s', (_, call) => {
  it('speak TLS 1.2 at least, even where the process would speak less', async () => {
    Object.assign(tls, { DEFAULT_MIN_VERSION: 'TLSv1', DEFAULT_CIPHERS: 'DEFAULT@SECLEVEL=0' });

    expect(await disagreement(call, 'TLSv1.1')).toBe('ERR_SSL_UNSUPPORTED_PROTOCOL');
    // The version is agreed on; this server has no certificate to go on with.
    expect(await disagreement(call, 'TLSv1.2')).toBe('ERR_SSL_NO_SHARED_CIPHER');
  });
});
