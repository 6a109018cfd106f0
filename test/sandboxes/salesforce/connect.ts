import { createRequire } from 'node:module';
import { importPKCS8, SignJWT } from 'jose';
import type { Connection } from 'jsforce';
import type { SalesforceSandbox } from './index.ts';

const jsforce = createRequire(import.meta.url)('jsforce') as typeof import('jsforce');

/** What signing in takes. */
type Access = Pick<SalesforceSandbox, 'url' | 'consumerKey' | 'privateKey' | 'username'>;

/** The official client, signed in as the hub's user by JWT bearer. */
export async function connect(sandbox: Access, nowMs = Date.now()): Promise<Connection> {
  const connection = new jsforce.Connection({
    version: '67.0',
    oauth2: { loginUrl: sandbox.url, clientId: sandbox.consumerKey },
  });
  await connection.authorize({
    grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
    assertion: await assertion(sandbox, { nowMs }),
  });
  return connection;
}

export async function assertion(
  sandbox: Access,
  claims: {
    iss?: string;
    sub?: string;
    aud?: string;
    expiresInSeconds?: number;
    nowMs?: number;
    key?: string;
  } = {},
): Promise<string> {
  const now = Math.floor((claims.nowMs ?? Date.now()) / 1_000);
  return await new SignJWT({})
    .setProtectedHeader({ alg: 'RS256' })
    .setIssuer(claims.iss ?? sandbox.consumerKey)
    .setSubject(claims.sub ?? sandbox.username)
    .setAudience(claims.aud ?? sandbox.url)
    .setExpirationTime(now + (claims.expiresInSeconds ?? 180))
    .sign(await importPKCS8(claims.key ?? sandbox.privateKey, 'RS256'));
}
