import { HubError } from '../../../../shared/errors.ts';
import type { PublicAction } from '../call.ts';
import type { ApiDeps } from '../deps.ts';
import { prove } from './prove.ts';
import { hasStateCookie } from './state-cookie.ts';

async function outcomeOf(state: string, code: string, deps: ApiDeps): Promise<string> {
  try {
    const connection = await deps.desk.complete({ state, code });
    await prove(connection, 'hub', deps);
    return `connected=${encodeURIComponent(connection.id)}`;
  } catch (error) {
    if (error instanceof HubError && error.reaction !== 'page') return `refused=${error.code}`;
    throw error;
  }
}

/** The vendor sends the person back here. Always ends in the console, and only a code says what happened. */
export const finishAuthorization: PublicAction = async ({ query, cookies }, deps) => {
  const { state = '', code = '' } = query;
  const isOurs = state !== '' && code !== '' && hasStateCookie(state, cookies);
  const outcome = isOurs ? await outcomeOf(state, code, deps) : 'refused=invalid_input';
  return { status: 303, headers: { location: `/console#/connections?${outcome}` } };
};
