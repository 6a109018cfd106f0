import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { LocalDescription } from '../../bin/local/demo/description.ts';
import { agentToken } from '../../bin/local/demo/oauth.ts';
import type { Call } from './wiretap.ts';

/** A word nobody writes by chance: put into every text of a journey, it is found wherever a text has leaked. */
export function canaryWord(): string {
  return `canary${randomBytes(9).toString('hex')}`;
}

/** Where something was found: the place's name and the canary's, never the canary itself. */
export type Leak = `${string}: ${string}`;

/** Named values; a value is a text to look for or the form every value of its kind has. */
export type Canaries = Readonly<Record<string, string | RegExp>>;

/** Any JWT, whoever issued it: the API's own are signed by a development issuer that keeps none. */
const JWT = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,}/;

/** Every secret of this hub: what an operator put there, what vendors issued meanwhile, and what the API was shown. */
export async function secretsOf(description: LocalDescription): Promise<Canaries> {
  const { dataDir, sandboxes, issuer, demo } = description;
  const agent = issuer.agents.find(({ organization }) => organization === demo.organization);
  const token = agent && (await agentToken(issuer.url, issuer.audience, agent));
  const kept = JSON.parse(readFileSync(join(dataDir, 'secrets.json'), 'utf8')) as unknown;
  const connections = Object.fromEntries(
    valuesIn(kept)
      .filter(([name, value]) => SECRET_NAME.test(name) && value.length >= 20)
      .map(([name, value], at) => [`${name} ${at}`, keyLine(value)]),
  );
  const said = `${fileAt(join(dataDir, 'slack', 'slack.jsonl'))}${fileAt(join(dataDir, 'salesforce', 'salesforce.jsonl'))}`;
  const issued = [...new Set(said.match(ISSUED) ?? [])];
  return {
    'bot token': sandboxes.slack.botToken,
    'signing secret': sandboxes.slack.signingSecret,
    'slack client secret': sandboxes.slack.clientSecret,
    'salesforce client secret': sandboxes.salesforce.clientSecret,
    'private key': keyLine(sandboxes.salesforce.privateKey),
    'agent secret': agent?.clientSecret ?? JWT,
    'issued jwt': token ?? JWT,
    'any jwt': JWT,
    ...connections,
    ...Object.fromEntries(issued.map((value, at) => [`issued ${at}`, value])),
  };
}

/** Slack's tokens and codes, Salesforce's sessions, refresh tokens and codes, as the sandboxes make them. */
const ISSUED =
  /(?:xox[a-z.]{1,8}-[\w.-]{12,}|code-[0-9a-f]{40}|00D\w{12}!AQ[\w-]{40,}|5Aep861[\w-]{30,}|aPrx[\w-]{30,})/g;

function keyLine(key: string): string {
  return key.split('\n')[3] ?? key;
}

const SECRET_NAME = /(?:secret|token|privateKey|bodyKey)$/i;

/** Named texts at any depth; a text that is itself an object's JSON is looked into. */
function valuesIn(value: unknown, name = ''): readonly (readonly [string, string])[] {
  if (typeof value === 'string')
    return value.startsWith('{') ? valuesIn(JSON.parse(value), name) : [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) => valuesIn(each, key));
}

/** Every canary found in any of these texts. */
export function leaksIn(place: string, texts: readonly (string | Buffer)[], canaries: Canaries): Leak[] {
  const isIn = (text: string | Buffer, canary: string | RegExp) =>
    typeof canary === 'string' ? text.includes(canary) : canary.test(text.toString('latin1'));
  return Object.entries(canaries)
    .filter(([, canary]) => texts.some((text) => isIn(text, canary)))
    .map(([name]): Leak => `${place}: ${name}`);
}

/** The bytes of every file, as a thief of the disk would read them. */
export function filesUnder(folder: string): readonly Buffer[] {
  if (!existsSync(folder)) return [];
  const paths = readdirSync(folder, { recursive: true }).map((name) => join(folder, String(name)));
  return paths.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path));
}

/**
 * Messages that wait in the hub's own queues, by the emulator's file. Left out: what Lambda itself holds for
 * asynchronous invocations, which partner events pass through and which is no queue of the hub's.
 */
export function waiting(dataDir: string): readonly string[] {
  const database = new DatabaseSync(join(dataDir, 'queues', 'fauxqs.db'), { readOnly: true });
  try {
    const rows = database
      .prepare(
        "SELECT queue_name || ' ' || body AS text FROM sqs_messages WHERE queue_name NOT LIKE 'lambda-async-%'",
      )
      .all();
    return rows.map(({ text }) => String(text));
  } finally {
    database.close();
  }
}

function fileAt(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** What functions said to the queues, to the bus and to the audit, and the inbox rows they kept. */
export function spoken(calls: readonly Call[]) {
  const of = (...names: readonly string[]) => calls.filter(({ operation }) => names.includes(operation));
  const writes = of('PutItem', 'TransactWriteItems').map(({ body }) => body);
  return {
    messages: of('SendMessage', 'SendMessageBatch').map(({ body }) => body),
    events: of('PutEvents').map(({ body }) => body),
    audit: writes.filter((body) => body.includes('#audit"')),
    inbox: writes.flatMap((body) => inboxPuts(body)),
    everything: calls
      .filter(({ operation }) => !/Secret|DataKey|Decrypt/.test(operation))
      .map(({ body }) => body),
  };
}

function inboxPuts(body: string): readonly string[] {
  const asked = JSON.parse(body) as { Item?: object; TransactItems?: readonly { Put?: { Item: object } }[] };
  const items =
    asked.TransactItems?.flatMap(({ Put }) => Put?.Item ?? []) ?? (asked.Item ? [asked.Item] : []);
  return items.map((item) => JSON.stringify(item)).filter((item) => item.includes('#inbox#'));
}
