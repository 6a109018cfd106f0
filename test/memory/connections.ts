import { ConfigurationError } from '../../shared/errors.ts';
import type { Connection, Connections, Secrets } from '../../shared/ports/index.ts';

export interface MemoryConnections extends Connections {
  put(connection: Connection): void;
}

export function memoryConnections(initial: readonly Connection[] = []): MemoryConnections {
  const known = new Map<string, Connection>(initial.map((connection) => [connection.id, connection]));
  /** As the directory: nobody is shown a removed one. */
  const shown = (connection: Connection | undefined) =>
    connection?.state.kind === 'removed' ? undefined : connection;
  return {
    put(connection) {
      known.set(connection.id, connection);
    },
    async get(organization, id) {
      const connection = shown(known.get(id));
      return connection?.organization === organization ? connection : undefined;
    },
    async byAddress(id) {
      return shown(known.get(id));
    },
    async ofOrganization(organization) {
      return [...known.values()].filter((each) => each.organization === organization && shown(each));
    },
  };
}

export function memorySecrets(secrets: Readonly<Record<string, Readonly<Record<string, string>>>>): Secrets {
  return {
    async get(connection) {
      const found = secrets[connection];
      if (found === undefined) throw new ConfigurationError(`no secret of connection ${connection}`);
      return found;
    },
  };
}
