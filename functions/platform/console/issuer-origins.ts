/** A page of an issuer that is down must not wait long for it. */
const DISCOVERY_MS = 2_000;

function originOf(address: unknown): string | undefined {
  const url = typeof address === 'string' && URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url.origin : undefined;
}

/** @throws whatever `get` throws, and an Error for a document that is not this issuer's */
async function tokenOrigin(issuer: string, get: typeof fetch): Promise<string | undefined> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await get(address, { redirect: 'error', signal: AbortSignal.timeout(DISCOVERY_MS) });
  const metadata = (await response.json()) as { issuer?: unknown; token_endpoint?: unknown };
  if (metadata.issuer !== issuer) throw new Error('the metadata names another issuer');
  return originOf(metadata.token_endpoint);
}

/**
 * Where the page may go for tokens: the issuer, and its token endpoint, which may live at another origin
 * (OpenID Connect Discovery 1.0 §3). While the issuer does not answer nobody can sign in anyway, so its own
 * origin is all there is then; the next page asks again.
 */
export function issuerOrigins(issuer: string, get: typeof fetch): () => Promise<readonly string[]> {
  const own = new URL(issuer).origin;
  let known: Promise<readonly string[]> | undefined;
  return async () => {
    known ??= tokenOrigin(issuer, get).then((token) => [...new Set([own, token ?? own])]);
    try {
      return await known;
    } catch {
      known = undefined;
      return [own];
    }
  };
}
