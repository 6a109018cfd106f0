import { OAuth2 } from 'jsforce/lib/oauth2.js';
import { ProviderUnavailableError, ReauthorizationRequiredError } from '../../../../shared/errors.ts';
import type { Opening } from '../../../../shared/ports/index.ts';
import { GuardedTransport, parsed } from '../client/transport.ts';
import { type Refusal, SalesforceRefusedError } from '../errors.ts';
import { salesforceWire } from '../wire.ts';

/** Who asks; a JWT bearer names itself in its assertion. */
export interface Client {
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly redirectUri?: string;
}

/** jsforce's own, over the connection's guarded fetch. */
export function tokenEndpoint(
  opening: Pick<Opening, 'fetch' | 'reportUsage'>,
  loginUrl: string,
  client: Client,
): OAuth2 {
  const endpoint = new OAuth2({ loginUrl, ...client });
  endpoint._transport = new GuardedTransport(opening, refusalOf);
  return endpoint;
}

/** Runs a call to it; whatever it throws is thrown as ours. */
export async function asked<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (thrown) {
    throw failureOf(thrown);
  }
}

/** RFC 6749 §5.2 */
function refusalOf(status: number, text: string): Refusal {
  const refusal = salesforceWire.tokenRefusal.safeParse(parsed(text));
  if (!refusal.success) return { status, errorCode: `HTTP_${status}`, message: '' };
  const { error, error_description: message = '' } = refusal.data;
  return { status, errorCode: error, message };
}

function failureOf(thrown: unknown): ProviderUnavailableError | ReauthorizationRequiredError {
  if (!(thrown instanceof SalesforceRefusedError)) {
    return new ProviderUnavailableError('the token endpoint did not answer', { cause: thrown });
  }
  const { refusal } = thrown;
  if (isPassing(refusal))
    return new ProviderUnavailableError(`the token endpoint answered ${refusal.status}`);
  return new ReauthorizationRequiredError(`salesforce refused the grant: ${refusal.errorCode}`);
}

/**
 * The vendor's own refusals, which only a person can mend. Whatever else is answered, a firewall's page as well as an
 * endpoint in trouble, passes by itself and must cost nobody a sign-in.
 * https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_flow_errors.htm
 */
const REFUSALS = new Set([
  'access_denied',
  'inactive_org',
  'inactive_user',
  'invalid_app_access',
  'invalid_client',
  'invalid_client_credentials',
  'invalid_client_id',
  'invalid_grant',
  'invalid_request',
  'invalid_scope',
  'redirect_uri_mismatch',
  'redirect_uri_missing',
  'unauthorized_client',
  'unsupported_grant_type',
]);

function isPassing({ status, errorCode, message }: Refusal): boolean {
  if (status === 429 || status >= 500 || !REFUSALS.has(errorCode)) return true;
  return message.includes('rate exceeded') || message.includes('retry your request');
}
