import { join } from 'node:path';
import { type SalesforceSandbox, startSalesforceSandbox } from '../../../test/sandboxes/salesforce/index.ts';
import { type SlackSandbox, startSlackSandbox } from '../../../test/sandboxes/slack/index.ts';
import type { Ports } from '../ports.ts';
import type { NewConnection } from './connect.ts';

export interface Vendors {
  readonly slack: SlackSandbox;
  readonly salesforce: SalesforceSandbox;
  close(): Promise<void>;
}

interface VendorOptions {
  readonly dataDir: string;
  readonly ports: Ports;
  readonly awsUrl: string;
  readonly partnerBus: string;
  /** Known from the second start on; deliveries the last hub left open go there at once. */
  readonly slackEventsUrl: string | undefined;
}

/** The vendor sandboxes the demo's connections point at, their state kept beside the hub's. */
export async function startVendors(options: VendorOptions): Promise<Vendors> {
  const { dataDir, ports, awsUrl, partnerBus, slackEventsUrl } = options;
  const [slack, salesforce] = await Promise.all([
    startSlackSandbox({
      port: ports.slack,
      postLimit: true,
      dataDir: join(dataDir, 'slack'),
      ...(slackEventsUrl === undefined ? {} : { eventsUrl: slackEventsUrl }),
    }),
    startSalesforceSandbox({
      port: ports.salesforce,
      dataDir: join(dataDir, 'salesforce'),
      eventBus: { endpoint: awsUrl, name: partnerBus },
    }),
  ]);
  return {
    slack,
    salesforce,
    close: async () => {
      await Promise.all([slack.close(), salesforce.close()]);
    },
  };
}

export function slackConnection(slack: SlackSandbox): NewConnection {
  const { signingSecret, clientId, clientSecret } = slack;
  return {
    integration: 'slack',
    name: 'Slack (sandbox)',
    baseUrl: slack.apiUrl,
    settings: {},
    secrets: { signingSecret, clientId, clientSecret },
  };
}

export function salesforceConnection(salesforce: SalesforceSandbox): NewConnection {
  const { consumerKey, privateKey, username, clientSecret } = salesforce;
  return {
    integration: 'salesforce',
    name: 'Salesforce (sandbox)',
    baseUrl: salesforce.url,
    settings: { loginUrl: salesforce.url, organizationId: salesforce.orgId },
    secrets: { consumerKey, privateKey, username, clientSecret },
  };
}
