import type { Action } from '../call.ts';
import type { DeskDeps } from '../deps.ts';
import { findConnection } from './find-connection.ts';
import { prove } from './prove.ts';

export const checkConnection: Action<DeskDeps> = async (call, deps) => {
  const health = await prove(await findConnection(call, deps), call.caller.actor, deps);
  if (health.state === 'healthy') return { status: 200, body: health };
  const { code, message } = health.error;
  return { status: 200, body: { state: 'unhealthy', code, reason: message } };
};
