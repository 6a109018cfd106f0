import type { KeptFile } from '../kept-file.ts';
import { connect } from './connect.ts';
import type { HubApi } from './hub-api.ts';
import { salesforceConnection, slackConnection, type Vendors } from './vendors.ts';

export interface DemoConnections {
  readonly organization: string;
  readonly slack: string;
  readonly salesforce: string;
  /** The story has been told once; it does not tell itself again. */
  readonly isStoryTold: boolean;
}

/** The demo organization's two connections, made through the hub's own API on the first start. */
export async function seedDemo(
  kept: KeptFile<DemoConnections | undefined>,
  seed: {
    readonly organization: string;
    readonly api: HubApi;
    readonly awsUrl: string;
    readonly publicUrl: string;
    readonly vendors: Vendors;
  },
): Promise<DemoConnections> {
  const { api, awsUrl, publicUrl, vendors, organization } = seed;
  const known = kept.read();
  if (known !== undefined) return known;
  const salesforce = await connect(api, awsUrl, salesforceConnection(vendors.salesforce));
  const slack = await connect(api, awsUrl, slackConnection(vendors.slack));
  const eventsUrl = slackWebhook(publicUrl, slack.id);
  const { verified } = await vendors.slack.settings({ eventsUrl });
  if (!verified) throw new Error(`Slack could not verify ${eventsUrl}`);
  const demo = { organization, slack: slack.id, salesforce: salesforce.id, isStoryTold: false };
  kept.write(demo);
  return demo;
}

/** The hub's own port may be another at each start, so this is never kept. */
export function slackWebhook(publicUrl: string, connection: string): string {
  return `${publicUrl}/webhooks/slack/${connection}`;
}
