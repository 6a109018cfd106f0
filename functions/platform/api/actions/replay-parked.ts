import type { Action } from '../call.ts';

export const replayParked: Action = async ({ caller, path }, { engine }) => {
  const id = path.parked as string;
  await engine.replay(caller.organization, id, caller.actor);
  return { status: 202, body: { id, state: 'replaying' } };
};
