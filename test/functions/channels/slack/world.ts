import { adapter } from '../../../../functions/channels/slack/adapter.ts';
import { guardedTransfer } from '../../../../shared/connections/transfer.ts';
import type { ConnectionId, OrganizationId } from '../../../../shared/domain/index.ts';
import type { Connection, Grant, Opening } from '../../../../shared/ports/index.ts';
import { type VirtualClock, virtualClock } from '../../../memory/clock.ts';
import {
  type SlackSandbox,
  type SlackSandboxOptions,
  startSlackSandbox,
} from '../../../sandboxes/slack/index.ts';
import { EventReceiver } from '../../../sandboxes/slack/receiver.ts';

export interface SlackWorld {
  readonly slack: SlackSandbox;
  readonly clock: VirtualClock;
  readonly app: EventReceiver;
  readonly connection: Connection;
  readonly grant: Grant;
  opening(changes?: Partial<Opening> & { readonly baseUrl?: string }): Opening;
  open(changes?: Parameters<SlackWorld['opening']>[0]): ReturnType<typeof adapter.open>;
  close(): Promise<void>;
}

/** One connection of the hub to a fresh workspace, on a clock of its own, events received. */
export async function slackWorld(options: SlackSandboxOptions = {}): Promise<SlackWorld> {
  const clock = virtualClock();
  const app = new EventReceiver();
  const slack = await startSlackSandbox({
    clock,
    retryScale: 0.000_01,
    eventsUrl: await app.start(),
    ...options,
  });
  const connection: Connection = {
    id: 'con_slack' as ConnectionId,
    organization: 'org_lamps' as OrganizationId,
    integration: 'slack',
    name: 'Lamps on Slack',
    baseUrl: slack.apiUrl,
    state: { kind: 'active' },
    hubUserId: slack.botUserId,
    account: slack.teamId,
    settings: {},
    createdAtMs: 0,
  };
  const grant: Grant = { accessToken: slack.botToken, instanceUrl: slack.apiUrl };
  const opening: SlackWorld['opening'] = ({ baseUrl, ...changes } = {}) => ({
    connection: baseUrl === undefined ? connection : { ...connection, baseUrl },
    secrets: { clientId: slack.clientId, clientSecret: slack.clientSecret },
    fetch: (input, init) => fetch(input, init),
    transfer: guardedTransfer({ policy: { allowedHosts: [], isLocal: true }, clock, silenceMs: 10_000 }),
    clock,
    reportUsage: () => {},
    ...changes,
  });
  return {
    slack,
    clock,
    app,
    connection,
    grant,
    opening,
    open: (changes) => adapter.open(opening(changes), grant),
    close: async () => {
      await slack.close();
      await app.stop();
    },
  };
}
