import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SandboxKeys {
  readonly privateKey: string;
  readonly publicKey: string;
}

/** The pair whose public half is "uploaded" to the app; kept, so that a stored connection outlives a restart. */
export function sandboxKeys(dataDir: string | undefined): SandboxKeys {
  const path = dataDir === undefined ? undefined : join(dataDir, 'keys.json');
  if (path && existsSync(path)) {
    const { privateKey } = JSON.parse(readFileSync(path, 'utf8')) as { privateKey: string };
    return { privateKey, publicKey: publicHalf(privateKey) };
  }
  const privateKey = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  }).privateKey;
  if (path && dataDir !== undefined) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(path, JSON.stringify({ privateKey }), { mode: 0o600 });
  }
  return { privateKey, publicKey: publicHalf(privateKey) };
}

const publicHalf = (privateKey: string): string =>
  createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
