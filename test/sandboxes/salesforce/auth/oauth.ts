import { importSPKI, jwtVerify } from 'jose';
import { answerSignature, type Session, type Sessions } from './sessions.ts';

export interface OauthApp {
  readonly consumerKey: string;
  readonly clientSecret: string;
  readonly publicKey: string;
}
export interface OauthOptions {
  readonly app: OauthApp;
  readonly sessions: Sessions;
  readonly clock: { now(): number };
  readonly orgId: string;
  readonly hubUserId: string;
  readonly url: () => string;
  readonly userByName: (username: string) => string | undefined;
}
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** The token endpoint's answers: RFC 6749 §5.2 names with the vendor's own descriptions. */
const refusal = (error: string, description: string, status = 400): Answer => ({
  status,
  body: { error, error_description: description },
});

const MAX_ASSERTION_LIFE_S = 5 * 60;
const SCOPE = 'api refresh_token openid';

/**
 * Web-server flow with PKCE, refresh and JWT bearer:
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_web_server_flow.htm and
 * …?id=xcloud.remoteaccess_oauth_jwt_flow.htm
 */
export class Oauth {
  /** The user pre-authorized for the app; without it the JWT grant is refused. */
  isJwtApproved = true;
  isPkceRequired = true;
  readonly #options: OauthOptions;

  constructor(options: OauthOptions) {
    this.#options = options;
  }

  authorize(query: URLSearchParams): Answer {
    const { app, sessions, hubUserId, userByName } = this.#options;
    const redirectUri = query.get('redirect_uri') ?? '';
    if (query.get('client_id') !== app.consumerKey)
      return refusal('invalid_client_id', 'client identifier invalid');
    if (!URL.canParse(redirectUri)) return refusal('redirect_uri_missing', 'redirect_uri not provided');
    const back = new URL(redirectUri);
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    const challenge = query.get('code_challenge') ?? undefined;
    if (query.get('response_type') !== 'code') back.searchParams.set('error', 'unsupported_response_type');
    else if (!challenge && this.isPkceRequired) {
      back.searchParams.set('error', 'invalid_request');
      back.searchParams.set('error_description', 'missing required code challenge');
    } else {
      const userId = userByName(query.get('login_hint') ?? '') ?? hubUserId;
      back.searchParams.set('code', sessions.code(userId, redirectUri, challenge));
    }
    return { status: 302, headers: { location: back.href } };
  }

  async token(form: URLSearchParams): Promise<Answer> {
    switch (form.get('grant_type')) {
      case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
        return await this.#jwtBearer(form.get('assertion') ?? '');
      case 'authorization_code':
        return this.#code(form);
      case 'refresh_token':
        return this.#refresh(form);
      default:
        return refusal('unsupported_grant_type', 'grant type not supported');
    }
  }

  revoke(token: string): Answer {
    return this.#options.sessions.revoke(token)
      ? { status: 200 }
      : refusal('unsupported_token_type', 'this token type is not supported');
  }

  async #jwtBearer(assertion: string): Promise<Answer> {
    const { app, sessions, clock, orgId, url, userByName } = this.#options;
    let claims: { iss?: string; sub?: string; exp?: number; aud?: string | string[] };
    try {
      const key = await importSPKI(app.publicKey, 'RS256');
      const verified = await jwtVerify(assertion, key, {
        algorithms: ['RS256'],
        currentDate: new Date(clock.now()),
      });
      claims = verified.payload;
    } catch {
      return refusal('invalid_grant', 'invalid assertion');
    }
    if (claims.iss !== app.consumerKey) return refusal('invalid_client_id', 'client identifier invalid');
    const audiences = [url(), 'https://login.salesforce.com', 'https://test.salesforce.com'];
    if (!audiences.includes(String(claims.aud))) return refusal('invalid_grant', 'audience is invalid');
    const nowSeconds = clock.now() / 1_000;
    if (claims.exp === undefined || claims.exp - nowSeconds > MAX_ASSERTION_LIFE_S) {
      return refusal('invalid_grant', 'expired authorization code');
    }
    const userId = userByName(claims.sub ?? '');
    if (!userId || !this.isJwtApproved) return refusal('invalid_grant', "user hasn't approved this consumer");
    return this.#granted(sessions.reuseOrOpen(orgId, userId));
  }

  #code(form: URLSearchParams): Answer {
    const client = this.#client(form);
    if (client) return client;
    const { sessions, orgId } = this.#options;
    const userId = sessions.redeem(
      form.get('code') ?? '',
      form.get('redirect_uri') ?? '',
      form.get('code_verifier') ?? '',
    );
    if (!userId) return refusal('invalid_grant', 'expired authorization code');
    return this.#granted(sessions.open(orgId, userId), sessions.refreshToken(userId));
  }

  #refresh(form: URLSearchParams): Answer {
    const client = this.#client(form);
    if (client) return client;
    const { sessions, orgId } = this.#options;
    const userId = sessions.userOfRefreshToken(form.get('refresh_token') ?? '');
    return userId
      ? this.#granted(sessions.open(orgId, userId))
      : refusal('invalid_grant', 'expired access/refresh token');
  }

  #client(form: URLSearchParams): Answer | undefined {
    const { app } = this.#options;
    if (form.get('client_id') !== app.consumerKey)
      return refusal('invalid_client_id', 'client identifier invalid');
    return form.get('client_secret') === app.clientSecret
      ? undefined
      : refusal('invalid_client', 'invalid client credentials', 401);
  }

  /** No `expires_in`: how long a session lives is the org's policy and nobody says. */
  #granted(session: Session, refreshToken?: string): Answer {
    const { app, clock, orgId, url } = this.#options;
    const id = `${url()}/id/${orgId}/${session.userId}`;
    const issuedAt = String(clock.now());
    return {
      status: 200,
      body: {
        access_token: session.token,
        ...(refreshToken ? { refresh_token: refreshToken } : {}),
        instance_url: url(),
        id,
        issued_at: issuedAt,
        signature: answerSignature(app.clientSecret, id, issuedAt),
        scope: SCOPE,
        token_type: 'Bearer',
      },
    };
  }
}
