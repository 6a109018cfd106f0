import type { Action } from '../call.ts';
import { findConnection } from './find-connection.ts';

export const checkConnection: Action = async (call, deps) => {
  const { id: connection, organization } = await findConnection(call, deps);
  const health = await deps.desk.check({ organization, connection, actor: call.caller.actor });
  if (health.state === 'healthy') {
    await deps.engine.drain(organization, connection);
    return { status: 200, body: health };
  }
  const { code, message } = health.error;
  return { status: 200, body: { state: 'unhealthy', code, reason: message } };
};
