import { join } from 'node:path';
import { ConfigurationError } from '../../shared/errors.ts';
import { describe } from './demo/describe.ts';
import type { LocalDescription } from './demo/description.ts';
import { type HubApi, hubApi } from './demo/hub-api.ts';
import { agentToken } from './demo/oauth.ts';
import { type DemoConnections, seedDemo, slackWebhook } from './demo/seed.ts';
import { startVendors, type Vendors } from './demo/vendors.ts';
import { type Issuer, startIssuer } from './issuer.ts';
import { type KeptFile, keepFile, writeWhole } from './kept-file.ts';
import { explainTakenPort, keptPorts, portOf } from './ports.ts';
import { takeLock } from './process-lock.ts';
import { type Runtime, type RuntimeOptions, startGrounds } from './runtime.ts';
import { synthesizeLocal } from './synth.ts';

/** A hub that has just been told to stop needs a while to do so. */
const lockWaitMs = 5_000;

export type HubOptions = Omit<RuntimeOptions, 'awsPort'>;

export interface Hub {
  readonly description: LocalDescription;
  readonly api: HubApi;
  readonly runtime: Runtime;
  readonly vendors: Vendors;
  readonly demo: KeptFile<DemoConnections | undefined>;
  readonly databaseLost: Promise<void>;
  close(): Promise<void>;
}

/**
 * The whole hub: stacks, issuer, vendor sandboxes and the demo organization, all on loopback, all kept in
 * `dataDir`. @throws ConfigurationError in one sentence for whatever a person can put right.
 */
export async function startHub(options: HubOptions): Promise<Hub> {
  const { dataDir } = options;
  const lock = takeLock(join(dataDir, 'lock.db'), lockWaitMs);
  if (lock === undefined) {
    throw new ConfigurationError(
      `another hub is running on ${dataDir}: stop it, or set DESKBRIDGE_DATA to another directory`,
    );
  }
  const closing: (() => Promise<void> | void)[] = [lock.release];
  const close = async (): Promise<void> => {
    while (closing.length > 0) await closing.pop()?.();
  };
  try {
    return await assemble(options, closing, close);
  } catch (error) {
    await close();
    throw explainTakenPort(error, dataDir);
  }
}

async function assemble(
  options: HubOptions,
  closing: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<Hub> {
  const { dataDir } = options;
  const keptFile = keptPorts(dataDir);
  const ports = keptFile.read();
  const [stacks, grounds] = await Promise.all([
    synthesizeLocal(),
    startGrounds({ ...options, awsPort: ports.aws }),
  ]);
  closing.push(grounds.close);
  const { publicUrl, awsUrl } = grounds;
  const issuer = await startIssuer({ port: ports.issuer, dataDir: join(dataDir, 'issuer'), publicUrl });
  closing.push(issuer.close);
  const runtime = await grounds.deploy(stacks, issuerVariables(issuer));

  const demo = keepFile<DemoConnections | undefined>(join(dataDir, 'demo.json'), undefined);
  const partnerBus = partnerBusOf(runtime);
  const known = demo.read();
  const slackEventsUrl = known === undefined ? undefined : slackWebhook(publicUrl, known.slack);
  const vendors = await startVendors({ dataDir, ports, awsUrl, partnerBus, slackEventsUrl });
  closing.push(vendors.close);
  keptFile.write({
    aws: portOf(awsUrl),
    issuer: portOf(issuer.url),
    slack: portOf(vendors.slack.url),
    salesforce: portOf(vendors.salesforce.url),
  });
  const client = issuer.clients.agents[0];
  if (client === undefined) throw new ConfigurationError('the issuer has no agent of a demo organization');
  const api = hubApi(publicUrl, tokenKeeper(issuer, client));
  const { organization } = client;
  const seeded = await seedDemo(demo, { organization, api, awsUrl, publicUrl, vendors });
  const description = describe({ dataDir, grounds, runtime, issuer, vendors, demo: seeded });
  writeWhole(join(dataDir, 'local.json'), `${JSON.stringify(description, null, 2)}\n`);
  const { databaseLost } = grounds;
  return { description, api, runtime, vendors, demo, databaseLost, close };
}

function issuerVariables(issuer: Issuer): Record<string, string> {
  return {
    API_ISSUER: issuer.url,
    API_AUDIENCE: issuer.audience,
    CONSOLE_CLIENT_ID: issuer.clients.console.clientId,
  };
}

function partnerBusOf(runtime: Runtime): string {
  const buses = runtime.deployment.ofType<{ EventSourceName?: string }>('AWS::Events::EventBus');
  const partner = buses.find(({ properties }) => properties.EventSourceName !== undefined);
  if (partner !== undefined) return partner.identity.ref;
  throw new ConfigurationError('the stage "local" has no partner event bus, expected one for Salesforce');
}

/** Fetches a new token well before the old one ends. */
function tokenKeeper(issuer: Issuer, client: Parameters<typeof agentToken>[2]): () => Promise<string> {
  const freshForMs = 120_000;
  let token: Promise<string> | undefined;
  let untilMs = 0;
  return () => {
    if (token === undefined || Date.now() > untilMs) {
      untilMs = Date.now() + freshForMs;
      token = agentToken(issuer.url, issuer.audience, client);
    }
    return token;
  };
}
