import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Issuer, startIssuer } from '../../../../../bin/local/issuer.ts';
import {
  beginSignIn,
  type Config,
  finishSignIn,
  keepSession,
  keptSession,
  readConfig,
  type Surroundings,
} from '../../../../../functions/platform/console/app/src/session.ts';
import { Visitor } from '../../../../bin/local/visitor.ts';

const origin = 'http://127.0.0.1:3998';
let dataDir: string;
let issuer: Issuer;
let config: Config;
let kept: Map<string, string>;
let nowMs: number;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'session-'));
  issuer = await startIssuer({ dataDir, publicUrl: origin });
  config = { issuer: issuer.url, clientId: issuer.clients.console.clientId, audience: issuer.audience };
});

afterAll(async () => {
  await issuer.close();
  await rm(dataDir, { recursive: true });
});

beforeEach(() => {
  kept = new Map();
  nowMs = Date.UTC(2026, 0, 1);
});

function around(search = '', answer: typeof fetch = fetch): Surroundings {
  return {
    fetch: answer,
    storage: {
      getItem: (name) => kept.get(name) ?? null,
      setItem: (name, value) => void kept.set(name, value),
      removeItem: (name) => void kept.delete(name),
    },
    location: { origin, search },
    now: () => nowMs,
  };
}

async function signIn(user: string): Promise<string> {
  const address = await beginSignIn(around(), config, { hash: '#/parked' });
  const visitor = new Visitor();
  const page = await visitor.open(new URL(address));
  const back = await visitor.open(page.url, new URLSearchParams({ user }));
  return back.url.search;
}

describe('console sign-in: code flow with PKCE (RFC 7636)', () => {
  it('comes back with a session and to the place the person was at', async () => {
    const search = await signIn('ada-acme');

    const returned = await finishSignIn(around(search), config);

    expect(returned).toMatchObject({
      hash: '#/parked',
      session: { name: 'Ada Lindqvist', organization: 'acme', expiresAtMs: nowMs + 3_600_000 },
    });
    expect(returned?.session.scopes).toContain('operations:write');
  });

  it('knows which scopes were not granted', async () => {
    const returned = await finishSignIn(around(await signIn('oskar-acme')), config);

    expect(returned?.session.scopes).not.toContain('operations:write');
  });

  it('takes an answer without scopes for all that were asked for (RFC 6749 §5.1)', async () => {
    const search = await signIn('ada-acme');
    const silent: typeof fetch = async (...request) => {
      const { scope, ...rest } = await (await fetch(...request)).json();
      return Response.json(rest);
    };

    const returned = await finishSignIn(around(search, silent), config);

    expect(returned?.session.scopes).toEqual(expect.arrayContaining(['tickets:write', 'operations:write']));
  });

  it('sends the challenge, and never the verifier', async () => {
    const address = new URL(await beginSignIn(around(), config, { hash: '', prompt: 'login' }));

    const { verifier } = JSON.parse(kept.get('deskbridge.attempt') as string);
    expect(address.href).not.toContain(verifier);
    expect(address.searchParams.get('code_challenge_method')).toBe('S256');
    expect(address.searchParams.get('prompt')).toBe('login');
  });

  it('has nothing to finish when the address carries no answer', async () => {
    expect(await finishSignIn(around('?page=2'), config)).toBeUndefined();
  });

  it.each([
    ['of a sign-in this tab never began', () => kept.clear(), (search: string) => search],
    ['with another state', () => {}, (search: string) => search.replace(/state=[^&]+/, 'state=x')],
    [
      'of another issuer',
      () => {},
      (search: string) => search.replace(/iss=[^&]+/, 'iss=https%3A%2F%2Fother'),
    ],
  ])('refuses an answer %s', async (_, prepare, change) => {
    const search = await signIn('ada-acme');
    prepare();

    await expect(finishSignIn(around(change(search)), config)).rejects.toThrow(/this tab|another issuer/);
  });

  it('redeems a code once', async () => {
    const search = await signIn('ada-acme');
    const attempt = kept.get('deskbridge.attempt') as string;
    await finishSignIn(around(search), config);
    kept.set('deskbridge.attempt', attempt);

    await expect(finishSignIn(around(search), config)).rejects.toThrow('grant request is invalid');
  });

  it('says why the issuer refused', async () => {
    const search = await signIn('nobody');

    await expect(finishSignIn(around(search), config)).rejects.toThrow('nobody was chosen');
  });

  it('believes no metadata under another name', async () => {
    const other = { ...config, issuer: `${issuer.url}/` };

    await expect(beginSignIn(around(), other, { hash: '' })).rejects.toThrow('another name');
  });
});

describe('console session', () => {
  const session = {
    token: 't',
    expiresAtMs: Date.UTC(2026, 0, 1) + 1,
    scopes: [],
    name: '',
    organization: '',
  };

  it('is kept for this tab until it expires', () => {
    keepSession(around(), session);

    expect(keptSession(around())).toEqual(session);
    nowMs += 1;
    expect(keptSession(around())).toBeUndefined();
  });

  it('is forgotten by signing out', () => {
    keepSession(around(), session);

    keepSession(around(), undefined);

    expect(kept.size).toBe(0);
  });
});

describe('console settings', () => {
  const answering =
    (status: number, body: unknown): typeof fetch =>
    async (address) => {
      expect(address).toBe('/console/config.json');
      return Response.json(body, { status });
    };

  it('come from the hub', async () => {
    expect(await readConfig(around('', answering(200, config)))).toEqual(config);
  });

  it('are missed in words', async () => {
    await expect(readConfig(around('', answering(503, {})))).rejects.toThrow('answers 503');
  });
});
