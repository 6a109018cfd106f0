import type { ConnectionId } from '../../../../shared/domain/index.ts';
import { NotFoundError } from '../../../../shared/errors.ts';
import type { Action } from '../call.ts';
import type { DeskDeps } from '../deps.ts';

/** Its tokens are given back, its secret goes, what waited for it is taken out. The records stay. */
export const removeConnection: Action<DeskDeps> = async ({ caller, path }, { desk, engine }) => {
  const { organization, actor } = caller;
  const connection = path.connection as ConnectionId;
  try {
    await desk.remove({ organization, connection, actor });
  } catch (error) {
    // Gone already: an earlier request may have been stopped between the two.
    if (error instanceof NotFoundError) await engine.forget(organization, connection);
    throw error;
  }
  await engine.forget(organization, connection);
  return { status: 204 };
};
