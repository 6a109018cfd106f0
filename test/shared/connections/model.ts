import type { ConnectionId, ExternalId, OrganizationId } from '../../../shared/domain/index.ts';
import { ReauthorizationRequiredError } from '../../../shared/errors.ts';
import type {
  Adapter,
  Authorization,
  Connection,
  Grant,
  Integration,
  InternalManifest,
  Opening,
  Page,
  WriteOutcome,
} from '../../../shared/ports/index.ts';

export const acme = 'acme' as OrganizationId;
export const globex = 'globex' as OrganizationId;

export const manifest: InternalManifest = {
  id: 'model',
  kind: 'connector',
  name: 'Model Desk',
  version: '1.0.0',
  webhook: { methods: ['POST'], maxBodyBytes: 1_000, verifier: 'verifyModel' },
  poll: { schedule: 'rate(1 minute)', overlapMs: 0 },
  kinds: {
    ticket: {
      vendorName: 'issue',
      facet: 'ticket',
      fields: { subject: { writable: 'always' } },
      canRead: true,
      canDelete: 'never',
      hasConditionalWrites: false,
      hasAuthorship: false,
    },
  },
  capabilities: [],
  auth: ['oauth2-code'],
  secrets: ['signingSecret', 'bodyKey'],
  settingsSchema: {},
  limits: [{ name: 'api', tokens: 1_000, windowMs: 1_000, per: 'connection' }],
  requestLifetimeMs: 1_000,
  redeliveryMs: 60_000,
  allowedHosts: ['vendor.example'],
  isCustomerVisible: false,
};

/** A vendor that knows which tokens are alive, and how often it was asked for one. */
export class ModelVendor {
  readonly alive = new Set<string>();
  renewals = 0;
  refusesRenewals = false;
  lifeMs = 3_600_000;
  rotates = true;
  readonly writes: unknown[] = [];
  pages: Page[] = [];
  /** Runs inside a renewal, after the vendor has made the token and before anybody hears of it. */
  duringRenewal: () => Promise<void> = async () => {};
  readonly #refreshTokens = new Set<string>();

  issue(nowMs: number): Grant {
    this.renewals += 1;
    const [accessToken, refreshToken] = [`access-${this.renewals}`, `refresh-${this.renewals}`];
    this.alive.add(accessToken);
    this.#refreshTokens.add(refreshToken);
    const expiresAtMs = nowMs + this.lifeMs;
    return {
      accessToken,
      refreshToken,
      expiresAtMs,
      instanceUrl: 'https://vendor.example',
      hubUserId: 'U1',
      account: 'A1',
    };
  }

  /** Single use, as vendors with rotation have it: the second spender is refused. */
  async renew(current: Grant | undefined, nowMs: number): Promise<Grant> {
    const token = current?.refreshToken;
    const isSpent = this.rotates && token !== undefined && !this.#refreshTokens.delete(token);
    if (this.refusesRenewals || isSpent)
      throw new ReauthorizationRequiredError('the refresh token is refused');
    const grant = this.issue(nowMs);
    await this.duringRenewal();
    return grant;
  }
}

export function modelAdapter(vendor: ModelVendor): Adapter {
  return {
    authorization: ({ clock }: Opening): Authorization => ({
      authorizeUrl: ({ state, redirectUri, codeChallenge }) =>
        `https://vendor.example/authorize?${new URLSearchParams({ state, redirectUri, codeChallenge })}`,
      async exchange({ code }) {
        if (code !== 'good') throw new ReauthorizationRequiredError('the code is refused');
        return vendor.issue(clock.now());
      },
      renew: (current) => vendor.renew(current, clock.now()),
    }),
    open: (_opening, grant) => modelIntegration(vendor, grant),
  };
}

function modelIntegration(vendor: ModelVendor, grant: Grant): Integration {
  const refused = () => new ReauthorizationRequiredError('the token is refused');
  const check = () => {
    if (!vendor.alive.has(grant.accessToken)) throw refused();
  };
  return {
    async check() {
      return vendor.alive.has(grant.accessToken)
        ? { state: 'healthy', account: 'A1' }
        : { state: 'unhealthy', error: refused() };
    },
    async read() {
      check();
      return { state: 'absent' };
    },
    async find() {
      check();
      return undefined;
    },
    async match() {
      check();
      return undefined;
    },
    async write(change): Promise<WriteOutcome> {
      if (!vendor.alive.has(grant.accessToken))
        return { outcome: 'refused', why: 'unauthorized', error: refused() };
      vendor.writes.push(change);
      return { outcome: 'settled', externalId: 'x' as ExternalId };
    },
    async *pull() {
      check();
      yield* vendor.pages;
    },
  };
}

export function connectionOf(organization: OrganizationId, over: Partial<Connection> = {}): Connection {
  return {
    id: 'c1' as ConnectionId,
    organization,
    integration: 'model',
    name: 'Model',
    baseUrl: 'https://vendor.example',
    state: { kind: 'active' },
    settings: {},
    createdAtMs: 0,
    ...over,
  };
}
