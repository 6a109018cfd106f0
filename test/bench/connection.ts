import { addressKey, connectionKey } from '../../shared/connections/keys.ts';
import type { ConnectionData } from '../../shared/connections/state.ts';
import type { ConnectionId, OrganizationId } from '../../shared/domain/index.ts';
import type { Item } from '../../shared/ports/index.ts';

const id = 'bench' as ConnectionId;
const organization = 'org_bench' as OrganizationId;

/** One active Slack connection, as the connections table holds it. */
export const connectionItems: readonly Item[] = [
  { ...addressKey(id), version: 1, data: { organization, connection: id } },
  {
    ...connectionKey(organization, id),
    version: 1,
    data: {
      unannounced: [],
      connection: {
        id,
        organization,
        integration: 'slack',
        name: 'bench',
        baseUrl: 'https://slack.com/api/',
        state: { kind: 'active' },
        settings: {},
        createdAtMs: 0,
      },
    } satisfies ConnectionData,
  },
];
