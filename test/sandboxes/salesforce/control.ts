import { SalesforceFailure } from './failure.ts';
import type { Fault } from './faults.ts';
import type { ChangeKind, GivenFile, Human } from './human.ts';
import type { SandboxSettings } from './options.ts';
import { type Reply, record } from './rest/context.ts';
import type { Sandbox } from './sandbox.ts';
import { objects } from './schema.ts';
import { type Row, render } from './values.ts';

type Verb = (request: { readonly id: string; readonly body: Record<string, unknown> }) => unknown;

const text = (value: unknown): string => String(value ?? '');
const optional = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Every row of every object, as the API would spell it. */
export function dump(sandbox: Sandbox): Record<string, Record<string, unknown>[]> {
  const shown: Record<string, Record<string, unknown>[]> = {};
  for (const object of objects.values()) {
    const show = (row: Row) =>
      Object.fromEntries(
        [...object.fields.values()].map((field) => [field.name, render(field, row[field.name] ?? null)]),
      );
    shown[object.name] = sandbox.org.all(object).map(show);
  }
  return shown;
}

function verbs(sandbox: Sandbox, human: Human): Readonly<Record<string, Verb>> {
  return {
    'GET state': () => dump(sandbox),
    'GET deliveries': () => sandbox.relay.deliveries(),
    'POST flush': async () => await sandbox.relay.flush(),
    'POST cases': ({ body }) => human.createCase(body as { subject: string }, optional(body.as)),
    'POST history': ({ body }) => human.history(Number(body.count), text(body.subject)),
    'POST records': ({ body }) => human.create(text(body.object), record(body.fields), optional(body.as)),
    'PATCH records': ({ id, body }) => human.edit(id, record(body.fields), optional(body.as)),
    'DELETE records': ({ id, body }) => human.remove(id, optional(body.as)),
    'POST comments': ({ body }) => {
      const as = optional(body.as);
      return human.comment(text(body.caseId), text(body.body), {
        isPublished: body.isPublished === true,
        ...(as === undefined ? {} : { as }),
      });
    },
    'POST files': ({ body }) => human.attach(text(body.caseId), body as unknown as GivenFile),
    'POST undelete': ({ body }) => human.undelete(text(body.id), optional(body.as)),
    'POST merge': ({ body }) =>
      human.merge(text(body.masterId), (body.loserIds as string[] | undefined) ?? [], optional(body.as)),
    'POST query': ({ body }) => human.find(text(body.soql)),
    'POST revocations': () => human.revokeTokens(),
    'POST gap': ({ body }) => human.gap(text(body.id), text(body.changeType ?? 'UPDATE') as ChangeKind),
    'POST settings': ({ body }) => sandbox.change(body as SandboxSettings),
    'POST faults': ({ body }) => sandbox.faults.add(body as unknown as Fault),
    'GET faults': () => sandbox.faults.list(),
    'DELETE faults': () => sandbox.faults.clear(),
  };
}

/** What a person, a test or the demo does from another process. */
export async function control(
  sandbox: Sandbox,
  human: Human,
  method: string,
  url: URL,
  body: string,
): Promise<Reply> {
  const [, , name = '', id = ''] = url.pathname.split('/');
  const verb = verbs(sandbox, human)[`${method} ${name}`];
  if (!verb) return { status: 404, body: { error: `no such control: ${method} ${name}` } };
  try {
    const answer = await verb({ id, body: record(body === '' ? {} : JSON.parse(body)) });
    return { status: 200, body: answer ?? { ok: true } };
  } catch (failure) {
    if (failure instanceof SalesforceFailure) return { status: failure.status, body: failure.body() };
    const message = failure instanceof Error ? failure.message : 'unknown';
    return { status: 400, body: { error: message } };
  }
}
