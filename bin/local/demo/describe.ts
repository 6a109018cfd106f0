import { awsEnvironment } from '../environment.ts';
import type { Issuer } from '../issuer.ts';
import type { Grounds, Runtime } from '../runtime.ts';
import { secretNameOf } from './connect.ts';
import type { LocalDescription, SlackDescription } from './description.ts';
import { scopes } from './oauth.ts';
import { type DemoConnections, slackWebhook } from './seed.ts';
import type { Vendors } from './vendors.ts';

interface Parts {
  readonly dataDir: string;
  readonly grounds: Grounds;
  readonly runtime: Runtime;
  readonly issuer: Issuer;
  readonly vendors: Vendors;
  readonly demo: DemoConnections;
}

export function describe({ dataDir, grounds, runtime, issuer, vendors, demo }: Parts): LocalDescription {
  const { publicUrl, awsUrl, dynamoDbUrl } = grounds;
  const refs = (type: string) => runtime.deployment.ofType(type).map(({ identity }) => identity.ref);
  return {
    url: publicUrl,
    api: { url: `${publicUrl}/v1`, openapi: `${publicUrl}/openapi.json` },
    console: `${publicUrl}/console`,
    processId: process.pid,
    dataDir,
    issuer: {
      url: issuer.url,
      audience: issuer.audience,
      consoleClientId: issuer.clients.console.clientId,
      scopes,
      agents: issuer.clients.agents,
      people: issuer.users,
    },
    aws: {
      endpoint: awsUrl,
      dynamoDb: dynamoDbUrl,
      environment: awsEnvironment(awsUrl, dynamoDbUrl),
      queues: Object.fromEntries(
        runtime.deployment
          .ofType('AWS::SQS::Queue')
          .map(({ identity }) => [identity.attributes.QueueName ?? '', identity.ref]),
      ),
      tables: refs('AWS::DynamoDB::Table'),
      buckets: refs('AWS::S3::Bucket'),
      eventBuses: refs('AWS::Events::EventBus'),
      functions: refs('AWS::Lambda::Function'),
      control: {
        metrics: `${awsUrl}/__local/metrics`,
        queues: `${awsUrl}/__local/queues`,
        functions: `${awsUrl}/__local/functions`,
        schedules: `${awsUrl}/__local/schedules`,
      },
    },
    demo: {
      organization: demo.organization,
      connections: { slack: demo.slack, salesforce: demo.salesforce },
      secrets: { slack: secretNameOf(demo.slack), salesforce: secretNameOf(demo.salesforce) },
      webhooks: { slack: slackWebhook(publicUrl, demo.slack) },
    },
    sandboxes: sandboxesOf(vendors),
  };
}

/** The first of each is the one the demo speaks of. */
function everybodyIn(slack: Vendors['slack']): Pick<SlackDescription, 'people' | 'channels'> {
  const { users, channels } = slack.state();
  const people = users.filter(({ isBot }) => !isBot);
  return {
    people: people.map(({ id, realName }) => ({ userId: id, name: realName })),
    channels: channels.filter(({ kind }) => kind !== 'im').map(({ id, name }) => ({ id, name })),
  };
}

function sandboxesOf({ slack, salesforce }: Vendors): LocalDescription['sandboxes'] {
  return {
    slack: {
      url: slack.url,
      apiUrl: slack.apiUrl,
      control: `${slack.url}/__control`,
      signingSecret: slack.signingSecret,
      clientId: slack.clientId,
      clientSecret: slack.clientSecret,
      botToken: slack.botToken,
      botUserId: slack.botUserId,
      teamId: slack.teamId,
      customer: slack.customer,
      channel: slack.channel,
      ...everybodyIn(slack),
    },
    salesforce: {
      url: salesforce.url,
      control: `${salesforce.url}/__control`,
      orgId: salesforce.orgId,
      consumerKey: salesforce.consumerKey,
      clientSecret: salesforce.clientSecret,
      username: salesforce.username,
      privateKey: salesforce.privateKey,
      hubUserId: salesforce.hubUserId,
      agent: salesforce.agent,
      eventSource: salesforce.eventSource,
    },
  };
}
