import { Contents } from '../contents.ts';
import { WebApi } from './api.ts';
import { control, controlRoutes, type SlackSettings } from './control.ts';
import { Deliveries, type DeliverySettings } from './delivery.ts';
import { Faults } from './faults.ts';
import { fileDoors } from './files/doors.ts';
import { type Human, humanSide } from './human.ts';
import { Journal } from './journal.ts';
import type { Delivery } from './model.ts';
import { OAuth } from './oauth.ts';
import { type Answer, listen, portOf, type Request, stop } from './server.ts';
import { type SlackState, stateOf } from './state.ts';
import { type Identity, Workspace } from './workspace.ts';

export type { SlackSettings } from './control.ts';
export type { SlackFault } from './faults.ts';
export type { Human, Place } from './human.ts';
export type { Delivery, SandboxMessage } from './model.ts';
export type { SlackState } from './state.ts';

export interface SlackSandboxOptions {
  readonly port?: number;
  readonly dataDir?: string;
  readonly clock?: { now(): number };
  readonly eventsUrl?: string;
  readonly signingSecret?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly botToken?: string;
  readonly tokenRotation?: boolean;
  /** The app has PKCE switched on, and so is a public client: its refresh tokens die after 30 days. */
  readonly publicClient?: boolean;
  /** What the bot token was given, where it is not all. */
  readonly botScopes?: readonly string[];
  /** One message a second and channel, else 429. */
  readonly postLimit?: boolean;
  /** Multiplies the one and five minutes of Slack's retries. */
  readonly retryScale?: number;
  readonly ackTimeoutMs?: number;
  /** Waits for a retry; a timer unless told. */
  readonly wait?: (ms: number) => Promise<void>;
  /** Event requests under way at a time. */
  readonly concurrency?: number;
  /** False: as an app without a metadata subscription sees it. */
  readonly metadataInEvents?: boolean;
}

export interface SlackSandbox {
  readonly url: string;
  readonly apiUrl: string;
  readonly port: number;
  readonly signingSecret: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly botToken: string;
  readonly botUserId: string;
  readonly botId: string;
  readonly appId: string;
  readonly teamId: string;
  readonly customer: { readonly userId: string; readonly name: string; readonly email: string };
  readonly channel: { readonly id: string; readonly name: string };
  readonly human: Human;
  readonly faults: Faults;
  state(): SlackState;
  deliveries(): readonly Delivery[];
  /** Waits until no delivery is under way or held back. */
  flush(): Promise<void>;
  settings(changes: SlackSettings): Promise<{ readonly verified: boolean }>;
  close(): Promise<void>;
}

const IDENTITY: Identity = {
  teamId: 'T0DESKBRDG',
  teamName: 'Lamps & Sons',
  appId: 'A0DESKBRDG',
  botId: 'B0DESKBRDG',
  botUserId: 'U0DESKBRDG',
  botName: 'deskbridge',
  installerId: 'U0CUSTOME2',
};
const CUSTOMER = { userId: 'U0CUSTOMER', name: 'Ada Byron', email: 'ada@example.com' };
const SECOND = { userId: 'U0CUSTOME2', name: 'Ben Okri', email: 'ben@example.com' };
const CHANNEL = { id: 'C0SUPPORT0', name: 'support' };
const OTHER_CHANNEL = { id: 'C0RANDOM00', name: 'random' };

/** A Slack workspace with one installed app, speaking the Web API and the Events API on loopback. */
export async function startSlackSandbox(options: SlackSandboxOptions = {}): Promise<SlackSandbox> {
  const parts = assemble(options);
  const { workspace, oauth, faults, deliveries, emit, now } = parts;
  const botToken = options.botToken ?? 'xoxb-sandbox-bot-token';
  seed(workspace);
  oauth.issue(botToken, options.botScopes);

  const defaults = { channel: CHANNEL.id, user: CUSTOMER.userId };
  const human = humanSide({ workspace, oauth, emit, contents: parts.contents, defaults });
  const switches = { hasPostLimit: options.postLimit ?? false };
  const api = new WebApi({ workspace, oauth, faults, now, hasPostLimit: () => switches.hasPostLimit });
  const settings = (changes: SlackSettings) => change(changes, { ...parts, switches });
  for (const kept of parts.journal.table<SlackSettings>('settings').values())
    apply(kept, { ...parts, switches });
  const state = () => stateOf(workspace);
  const routes = controlRoutes({ human, faults, deliveries, state, change: settings });
  const doors = fileDoors({ ...parts, files: workspace.files });
  const server = await listen(options.port ?? 0, (request) => serve(request, { api, oauth, routes }), doors);
  void deliveries.resume();

  const port = portOf(server);
  const url = `http://127.0.0.1:${port}`;
  workspace.files.url = url;
  return {
    url,
    apiUrl: `${url}/api/`,
    port,
    signingSecret: deliveries.settings.signingSecret,
    clientId: oauth.clientId,
    clientSecret: oauth.clientSecret,
    botToken,
    ...IDENTITY,
    customer: CUSTOMER,
    channel: CHANNEL,
    human,
    faults,
    state,
    deliveries: () => deliveries.list(),
    flush: () => deliveries.flush(),
    settings,
    close: async () => {
      await deliveries.close();
      await stop(server);
      parts.contents.close();
    },
  };
}

interface Parts {
  readonly journal: Journal;
  readonly contents: Contents;
  readonly now: () => number;
  readonly faults: Faults;
  readonly deliveries: Deliveries;
  readonly workspace: Workspace;
  readonly oauth: OAuth;
  readonly emit: (event: Record<string, unknown>) => void;
}

function assemble(options: SlackSandboxOptions): Parts {
  const now = () => (options.clock ?? Date).now();
  const journal = new Journal(options.dataDir);
  const faults = new Faults();
  const settings: DeliverySettings = {
    eventsUrl: options.eventsUrl,
    signingSecret: options.signingSecret ?? 'slack-sandbox-signing-secret',
    retryScale: options.retryScale ?? 1,
    ackTimeoutMs: options.ackTimeoutMs ?? 3_000,
    concurrency: options.concurrency ?? 16,
    ...(options.wait === undefined ? {} : { wait: options.wait }),
  };
  const deliveries = new Deliveries({ settings, journal, faults, now });
  const emit = (event: Record<string, unknown>) => announce(event, deliveries, now);
  const metadataInEvents = options.metadataInEvents ?? true;
  const workspace = new Workspace({ identity: IDENTITY, journal, now, emit, metadataInEvents });
  const oauth = new OAuth({
    clientId: options.clientId ?? '1111111111.2222222222',
    clientSecret: options.clientSecret ?? 'slack-sandbox-client-secret',
    isRotating: options.tokenRotation ?? false,
    isPublicClient: options.publicClient ?? false,
    journal,
    identity: IDENTITY,
    now,
  });
  return {
    journal,
    contents: new Contents(options.dataDir),
    now,
    faults,
    deliveries,
    workspace,
    oauth,
    emit,
  };
}

type Changeable = Parts & { readonly switches: { hasPostLimit: boolean } };

/** What is changed stays changed in the next life, but for the request URL, which its app gives anew. */
async function change(
  { eventsUrl, ...settings }: SlackSettings,
  parts: Changeable,
): Promise<{ readonly verified: boolean }> {
  const { deliveries, journal } = parts;
  apply(settings, parts);
  journal.put('settings', 'all', { ...journal.table<SlackSettings>('settings').get('all'), ...settings });
  if (eventsUrl === undefined) return { verified: true };
  const verified = await deliveries.verifyUrl(eventsUrl);
  if (verified) deliveries.settings.eventsUrl = eventsUrl;
  return { verified };
}

function apply(settings: SlackSettings, { deliveries, oauth, switches }: Changeable): void {
  const { postLimit, retryScale, signingSecret, tokenRotation } = settings;
  if (postLimit !== undefined) switches.hasPostLimit = postLimit;
  if (tokenRotation !== undefined) oauth.isRotating = tokenRotation;
  if (retryScale !== undefined) deliveries.settings.retryScale = retryScale;
  if (signingSecret !== undefined) deliveries.settings.signingSecret = signingSecret;
}

interface Doors {
  readonly api: WebApi;
  readonly oauth: OAuth;
  readonly routes: ReturnType<typeof controlRoutes>;
}

async function serve(request: Request, { api, oauth, routes }: Doors): Promise<Answer | 'cut'> {
  const path = request.url.pathname;
  if (path.startsWith('/api/')) return api.call(path.slice('/api/'.length), request);
  if (path.startsWith('/__control/')) return control(routes, request);
  if (path === '/oauth/v2/authorize') return authorize(oauth, request);
  if (path === '/')
    return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' };
  return { status: 404, body: 'not found' };
}

function seed(workspace: Workspace): void {
  const { botUserId, botName } = workspace.identity;
  for (const { userId, name, email } of [CUSTOMER, SECOND]) {
    const handle = name.split(' ')[0]!.toLowerCase();
    workspace.addUser({ id: userId, name: handle, realName: name, email, isBot: false });
  }
  workspace.addUser({ id: botUserId, name: botName, realName: 'Deskbridge', isBot: true });
  const people = [CUSTOMER.userId, SECOND.userId];
  if (workspace.channel(CHANNEL.id) !== undefined) return;
  workspace.putChannel({ ...CHANNEL, kind: 'channel', members: [...people, botUserId] });
  workspace.putChannel({ ...OTHER_CHANNEL, kind: 'channel', members: people });
}

/** The outer payload of every event: https://docs.slack.dev/apis/events-api (Event structure) */
function announce(event: Record<string, unknown>, deliveries: Deliveries, now: () => number): void {
  const serial = deliveries.count + 1;
  const id = `Ev0${String(serial).padStart(9, '0')}`;
  const envelope = {
    token: 'legacy-token',
    team_id: IDENTITY.teamId,
    context_team_id: IDENTITY.teamId,
    context_enterprise_id: null,
    api_app_id: IDENTITY.appId,
    event,
    type: 'event_callback',
    event_id: id,
    event_time: Math.floor(now() / 1_000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: IDENTITY.teamId,
        user_id: IDENTITY.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `ctx-${id}`,
  };
  deliveries.send(id, envelope, String(event.subtype ?? event.type));
}

/** A person who always clicks "Allow": https://docs.slack.dev/authentication/installing-with-oauth */
async function authorize(oauth: OAuth, { url }: Request): Promise<Answer> {
  const query = url.searchParams;
  const redirectUri = query.get('redirect_uri');
  if (query.get('client_id') !== oauth.clientId || redirectUri === null) {
    return { status: 400, body: 'invalid client_id or redirect_uri' };
  }
  const challenge = query.get('code_challenge');
  const code = oauth.authorize({
    clientId: oauth.clientId,
    redirectUri,
    scopes: (query.get('scope') ?? '').split(',').filter((scope) => scope !== ''),
    ...(challenge === null ? {} : { challenge }),
  });
  const back = new URL(redirectUri);
  back.searchParams.set('code', code);
  const state = query.get('state');
  if (state !== null) back.searchParams.set('state', state);
  return { status: 302, headers: { location: back.toString() }, body: '' };
}
