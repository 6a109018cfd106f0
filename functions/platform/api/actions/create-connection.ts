import type { ConnectionId, Fields } from '../../../../shared/domain/index.ts';
import { ConflictError, InvalidInputError } from '../../../../shared/errors.ts';
import type { Connection } from '../../../../shared/ports/index.ts';
import type { Action, Call } from '../call.ts';
import type { DeskDeps } from '../deps.ts';
import { validate } from '../validation.ts';
import { checkSecrets, type SecretValues } from './keep-secrets.ts';
import { presentConnection } from './list-connections.ts';

interface NewConnection {
  readonly integration: string;
  readonly name: string;
  readonly baseUrl?: string;
  readonly settings?: Fields;
  readonly secrets?: SecretValues;
}

function check({ integration, settings = {}, secrets = {} }: NewConnection, { catalog }: DeskDeps) {
  const manifest = catalog.find(({ id }) => id === integration);
  if (manifest === undefined) {
    const known = catalog.map(({ id }) => id).join(', ');
    throw new InvalidInputError(`/integration must be one of: ${known}`, { pointer: '/integration' });
  }
  validate('body', manifest.settingsSchema, settings, '/settings');
  checkSecrets(manifest, secrets, '/secrets');
}

/** The same key leads to the same connection, also when the first attempt broke off midway. */
async function reserved({ caller, idempotencyKey, body }: Call, deps: DeskDeps) {
  if (idempotencyKey === '') return {};
  const { secrets, ...rest } = body as unknown as NewConnection;
  const request = { ...rest, secrets: Object.keys(secrets ?? {}).sort() };
  return { id: (await deps.reservations.idFor(caller, idempotencyKey, request)) as ConnectionId };
}

async function create(call: Call, deps: DeskDeps): Promise<Connection> {
  const wanted = call.body as unknown as NewConnection;
  check(wanted, deps);
  const { organization, actor } = call.caller;
  const id = await reserved(call, deps);
  try {
    return await deps.desk.create({ settings: {}, ...wanted, ...id, organization, actor });
  } catch (error) {
    // The same request at the same time was quicker.
    const made = error instanceof ConflictError && id.id && (await deps.connections.get(organization, id.id));
    if (!made) throw error;
    return made;
  }
}

export const createConnection: Action<DeskDeps> = async (call, deps) => {
  const connection = await create(call, deps);
  return {
    status: 201,
    body: await presentConnection(connection, deps),
    headers: { location: `/v1/connections/${encodeURIComponent(connection.id)}` },
  };
};
