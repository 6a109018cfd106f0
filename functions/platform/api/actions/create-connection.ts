import type { Fields } from '../../../../shared/domain/index.ts';
import { InvalidInputError } from '../../../../shared/errors.ts';
import type { Action } from '../call.ts';
import { validate } from '../validation.ts';
import { presentConnection } from './list-connections.ts';

interface NewConnection {
  readonly integration: string;
  readonly name: string;
  readonly baseUrl?: string;
  readonly settings?: Fields;
}

export const createConnection: Action = async (call, deps) => {
  const { integration, name, baseUrl, settings = {} } = call.body as unknown as NewConnection;
  const manifest = deps.catalog.find(({ id }) => id === integration);
  if (manifest === undefined) {
    const known = deps.catalog.map(({ id }) => id).join(', ');
    throw new InvalidInputError(`/integration must be one of: ${known}`, { pointer: '/integration' });
  }
  await validate('body', manifest.settingsSchema, settings, '/settings');
  const { organization, actor } = call.caller;
  const connection = await deps.desk.create({
    organization,
    actor,
    integration,
    name,
    settings,
    ...(baseUrl === undefined ? {} : { baseUrl }),
  });
  return {
    status: 201,
    body: await presentConnection(connection, deps),
    headers: { location: `/v1/connections/${encodeURIComponent(connection.id)}` },
  };
};
