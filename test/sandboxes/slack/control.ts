import type { Deliveries } from './delivery.ts';
import { BadControl, type Faults, type SlackFault } from './faults.ts';
import { type Human, UnknownPlace } from './human.ts';
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
    'POST faults': async (body) => nothing(Promise.resolve(faults.add(body as unknown as SlackFault))),
    'POST messages': async (body) => human.post(texts(body, ['text'], ['channel', 'user', 'threadTs'])),
    'POST files': async (body) => human.upload(body as unknown as Parameters<Human['upload']>[0]),
    'POST file-deletions': async (body) => nothing(human.removeFile(texts(body, ['file'], []).file)),
    'POST dms': async (body) => human.dm(texts(body, ['text'], ['user', 'threadTs'])),
    'POST edits': async (body) => nothing(human.edit(texts(body, ['channel', 'ts', 'text'], []))),
    'POST deletions': async (body) => nothing(human.remove(texts(body, ['channel', 'ts'], []))),
    'POST users': async (body) => human.addUser(texts(body, ['name'], ['email', 'phone'])),
    'POST channels': async (body) =>
      human.addChannel({ ...texts(body, ['name'], []), isPrivate: body.isPrivate === true }),
    'POST joins': async (body) => nothing(human.join(texts(body, ['channel'], []).channel)),
    'POST kicks': async (body) => nothing(human.kick(texts(body, ['channel'], []).channel)),
    'POST invites': async (body) => nothing(human.invite(texts(body, ['channel'], []).channel)),
    'POST revocations': (body) => nothing(human.revokeToken(body.token as string | undefined)),
    'POST uninstall': () => nothing(human.uninstall()),
    'POST settings': (body) => options.change(body as SlackSettings),
    'POST flush': () => nothing(deliveries.flush()),
  };
}

/** The body's fields that are texts. @throws BadControl naming the first that is missing or is none. */
function texts<Needed extends string, Optional extends string>(
  body: Json,
  needed: readonly Needed[],
  optional: readonly Optional[],
): Record<Needed, string> & Partial<Record<Optional, string>> {
  const names: readonly string[] = [...needed, ...optional.filter((name) => body[name] !== undefined)];
  const wrong = names.find((name) => typeof body[name] !== 'string');
  if (wrong !== undefined) throw new BadControl(`${wrong} is ${JSON.stringify(body[wrong])}, expected text`);
  return Object.fromEntries(names.map((name) => [name, body[name]])) as never;
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
    if (error instanceof UnknownPlace) return { status: 404, body: { error: error.message } };
    if (!(error instanceof BadControl) && !(error instanceof SyntaxError)) throw error;
    return { status: 400, body: { error: error.message } };
  }
}
