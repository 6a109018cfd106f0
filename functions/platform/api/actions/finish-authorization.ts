import { HubError, ProviderRejectedError } from '../../../../shared/errors.ts';
import type { PublicAction } from '../call.ts';
import type { DeskDeps } from '../deps.ts';
import { prove } from './prove.ts';
import { hasStateCookie } from './state-cookie.ts';

/** RFC 6749 §4.1.2.1; whatever else comes is taken for the first. */
const REFUSALS = [
  'access_denied',
  'invalid_request',
  'unauthorized_client',
  'unsupported_response_type',
  'invalid_scope',
  'server_error',
  'temporarily_unavailable',
];

/** What the console is told, or the code of why not. */
async function told(finish: () => Promise<string>): Promise<string> {
  try {
    return await finish();
  } catch (error) {
    if (error instanceof ProviderRejectedError) return `refused=${encodeURIComponent(error.vendorCode)}`;
    if (error instanceof HubError && error.reaction !== 'page') return `refused=${error.code}`;
    throw error;
  }
}

async function completed(state: string, code: string, deps: DeskDeps): Promise<string> {
  const connection = await deps.desk.complete({ state, code });
  await prove(connection, 'hub', deps);
  return `connected=${encodeURIComponent(connection.id)}`;
}

async function refused(state: string, said: string, deps: DeskDeps): Promise<string> {
  const error = REFUSALS.includes(said) ? said : 'access_denied';
  await deps.desk.refuse({ state, error });
  return `refused=${error}`;
}

/** The vendor sends the person back here. Always ends in the console, and only a code says what happened. */
export const finishAuthorization: PublicAction<DeskDeps> = async ({ query, cookies }, deps) => {
  const { state = '', code = '', error = '' } = query;
  const isOurs = state !== '' && hasStateCookie(state, cookies);
  const finish = async () => {
    if (isOurs && error !== '') return refused(state, error, deps);
    return isOurs && code !== '' ? completed(state, code, deps) : 'refused=invalid_input';
  };
  return { status: 303, headers: { location: `/console#/connections?${await told(finish)}` } };
};
