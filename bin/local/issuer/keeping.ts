import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import type { DemoOrganization } from './people.ts';

/** What must outlive a restart, or every token and script out there would be worth nothing after it. */
export interface Kept {
  readonly keys: readonly JWK[];
  readonly cookieKeys: readonly string[];
  readonly agentSecrets: Readonly<Record<string, string>>;
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig', kid: randomBytes(8).toString('hex') };
}

async function readKept(file: string): Promise<Kept | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as Kept);
}

export async function keepIn(dataDir: string, organizations: readonly DemoOrganization[]): Promise<Kept> {
  const file = join(dataDir, 'issuer.json');
  const before = await readKept(file);
  const agentSecrets = { ...before?.agentSecrets };
  for (const { id } of organizations) agentSecrets[id] ??= randomBytes(24).toString('base64url');
  const kept: Kept = {
    keys: before?.keys ?? [await newKey()],
    cookieKeys: before?.cookieKeys ?? [randomBytes(24).toString('base64url')],
    agentSecrets,
  };
  await mkdir(dataDir, { recursive: true });
  // A kill in the middle of writing must not cost the keys.
  await writeFile(`${file}.new`, JSON.stringify(kept), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return kept;
}
