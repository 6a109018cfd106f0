import type { Action } from '../call.ts';
import type { DeskDeps } from '../deps.ts';
import { findConnection } from './find-connection.ts';
import { prove } from './prove.ts';
import { stateCookie } from './state-cookie.ts';

export const authorizeConnection: Action<DeskDeps> = async (call, deps) => {
  const { id: connection, organization } = await findConnection(call, deps);
  const begun = await deps.desk.begin({ organization, connection, actor: call.caller.actor });
  if ('url' in begun) {
    return {
      status: 200,
      body: { state: 'needs-person', authorizeUrl: begun.url },
      cookies: [stateCookie(begun.state, deps.publicUrl)],
    };
  }
  await prove(begun.connection, call.caller.actor, deps);
  return { status: 200, body: { state: 'authorized' } };
};
