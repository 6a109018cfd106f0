import { dump } from './control.ts';
import { Human } from './human.ts';
import {
  CLIENT_SECRET,
  CONSUMER_KEY,
  type SalesforceSandboxOptions,
  type SandboxSettings,
} from './options.ts';
import { AGENTS, HUB_USER, Sandbox } from './sandbox.ts';
import { SalesforceServer } from './server.ts';

export type { SalesforceSandboxOptions, SandboxSettings } from './options.ts';
export type { BusEntry } from './relay.ts';

export type SalesforceSandbox = Awaited<ReturnType<typeof startSalesforceSandbox>>;

/**
 * A stateful Salesforce org on loopback: REST, OAuth, Change Data Capture and the hub's own package, as
 * far as Deskbridge speaks to them. Sources are cited where each rule is written.
 */
export async function startSalesforceSandbox(options: SalesforceSandboxOptions = {}) {
  const sandbox = new Sandbox(options);
  const human = new Human(sandbox);
  const { server, port } = await new SalesforceServer(sandbox, human).listen(options.port ?? 0);
  sandbox.url = `http://127.0.0.1:${port}`;
  const agents = AGENTS.map(({ userId, name }) => ({ userId, name }));
  return {
    url: sandbox.url,
    port,
    orgId: sandbox.orgId,
    consumerKey: CONSUMER_KEY,
    clientSecret: CLIENT_SECRET,
    username: HUB_USER.username,
    privateKey: sandbox.keys.privateKey,
    hubUserId: HUB_USER.userId,
    agent: { userId: AGENTS[0]?.userId ?? '', name: AGENTS[0]?.name ?? '' },
    agents,
    get eventSource() {
      return sandbox.eventSource;
    },
    human,
    /** Calls that counted against the org's day. */
    get apiUsed() {
      return sandbox.apiUsed;
    },
    faults: sandbox.faults,
    state: () => dump(sandbox),
    deliveries: () => sandbox.relay.deliveries(),
    flush: () => sandbox.relay.flush(),
    settings: (changes: SandboxSettings) => sandbox.change(changes),
    close: async () => {
      await sandbox.relay.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
      sandbox.contents.close();
    },
  };
}
