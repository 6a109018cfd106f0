import type { Deliveries } from './delivery.ts';
import type { Faults, SlackFault } from './faults.ts';
import { type Human, type Place, UnknownPlace } from './human.ts';
import type { Json } from './methods/context.ts';
import type { Answer, Request } from './server.ts';
import type { SlackState } from './state.ts';

export interface SlackSettings {
  /** Verified by url_verification before it is taken. */
  readonly eventsUrl?: string;
  readonly signingSecret?: string;
  readonly postLimit?: boolean;
  readonly retryScale?: number;
  readonly tokenRotation?: boolean;
}

export interface ControlOptions {
  readonly human: Human;
  readonly faults: Faults;
  readonly deliveries: Deliveries;
  readonly state: () => SlackState;
  readonly change: (settings: SlackSettings) => Promise<{ readonly verified: boolean }>;
}

type Action = (body: Json) => Promise<unknown>;

/** What a person or another process may do to the sandbox: JSON in, JSON out. */
export function controlRoutes(options: ControlOptions): Readonly<Record<string, Action>> {
  const { human, faults, deliveries } = options;
  const nothing = async (done: Promise<void>) => {
    await done;
    return {};
  };
  return {
    'GET state': async () => options.state(),
    'GET deliveries': async () => ({ deliveries: deliveries.list() }),
    'GET faults': async () => ({ faults: faults.list() }),
    'DELETE faults': () => nothing(Promise.resolve(faults.clear())),
    'POST faults': (body) => nothing(Promise.resolve(faults.add(body as unknown as SlackFault))),
    'POST messages': (body) => human.post(body as never),
    'POST dms': (body) => human.dm(body as never),
    'POST edits': (body) => nothing(human.edit(body as never)),
    'POST deletions': (body) => nothing(human.remove(body as unknown as Place)),
    'POST users': (body) => human.addUser(body as never),
    'POST channels': (body) => human.addChannel(body as never),
    'POST joins': (body) => nothing(human.join(String(body.channel))),
    'POST kicks': (body) => nothing(human.kick(String(body.channel))),
    'POST invites': (body) => nothing(human.invite(String(body.channel))),
    'POST revocations': (body) => nothing(human.revokeToken(body.token as string | undefined)),
    'POST uninstall': () => nothing(human.uninstall()),
    'POST settings': (body) => options.change(body as SlackSettings),
    'POST flush': () => nothing(deliveries.flush()),
  };
}

export async function control(routes: Readonly<Record<string, Action>>, request: Request): Promise<Answer> {
  const path = request.url.pathname.slice('/__control/'.length);
  const action = routes[`${request.method} ${path}`];
  if (action === undefined)
    return { status: 404, body: { error: 'no such control', routes: Object.keys(routes) } };
  try {
    const body = request.body === '' ? {} : (JSON.parse(request.body) as Json);
    return { status: 200, body: (await action(body)) as Json };
  } catch (error) {
    if (!(error instanceof UnknownPlace) && !(error instanceof SyntaxError)) throw error;
    return { status: error instanceof UnknownPlace ? 404 : 400, body: { error: error.message } };
  }
}
