import type { Action } from '../call.ts';
import { findConnection } from './find-connection.ts';
import { presentConnection } from './list-connections.ts';

export const readConnection: Action = async (call, deps) => ({
  status: 200,
  body: await presentConnection(await findConnection(call, deps), deps),
});
