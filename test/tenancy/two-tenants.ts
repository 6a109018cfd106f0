import { createHash } from 'node:crypto';
import type { ExternalId } from '../../shared/domain/index.ts';
import type { Connection, Item } from '../../shared/ports/index.ts';
import { type Answered, type Asked, type MemoryHub, memoryHub, tokenOf } from '../functions/platform/hub.ts';
import { type PlainVendor, plainVendor, settle } from '../functions/platform/vendor.ts';

export const VICTIM = 'acme';
export const ATTACKER = 'globex';
/** Stands in every text the victim has; nothing an attacker is told may hold it. */
export const CANARY = 'canary-of-acme';

export interface Tenant {
  readonly slack: Connection;
  readonly salesforce: Connection;
  readonly ticket: string;
  /** The company its customer belongs to. */
  readonly account: string;
  /** A file whose bytes are here. */
  readonly attachment: string;
  /** A file that is on its way here: its bytes have come, and nobody has made anything of them. */
  readonly upload: string;
  readonly parked: string;
  /** A replay in bulk that found nothing to put back. */
  readonly replay: string;
  /** A losing value in the ticket's journal. */
  readonly conflict: string;
  /** Under way. */
  readonly backfill: string;
}

export interface TwoTenants {
  readonly hub: MemoryHub;
  readonly victim: Tenant;
  readonly attacker: Tenant;
  /** Every id and name that is the victim's own. */
  readonly marks: readonly string[];
  ask(asked: Asked): Promise<Answered>;
  /** Everything stored for the victim, to be the same before and after an attack. */
  victimState(): string;
}

async function live(hub: MemoryHub, organization: string, mark: string): Promise<Tenant> {
  const user = `U0${organization.toUpperCase()}`;
  const org = `00D000000000${organization.padEnd(6, '0').slice(0, 6)}`;
  const slack = await hub.connect(organization, 'slack', {
    name: `${mark} chat`,
    account: `T0-${organization}`,
  });
  const salesforce = await hub.connect(organization, 'salesforce', { name: `${mark} desk`, account: org });
  hub.secrets.set(slack.id, { ...hub.secrets.get(slack.id), clientId: 'id', clientSecret: 'secret' });
  const chat = plainVendor(`${mark}-chat`, hub.clock);
  const desk = plainVendor(`${mark}-desk`, hub.clock);
  chat.has({ kind: 'contact', externalId: user as ExternalId }, { name: mark, email: `${mark}@example.com` });
  const vendors = { slack: chat, salesforce: desk };
  const threadTs = await hub.says(slack, { text: `${mark} subject`, user });
  await settle(hub, vendors);
  const ticket = await hub.onlyTicket(organization);
  const account = await company(hub, salesforce, { organization, mark, vendors });
  const attachment = await attach(hub, slack, { organization, ticket, mark, vendors });
  const upload = await announce(hub, organization, ticket, mark);
  const conflict = await disagree(hub, { organization, ticket, mark, vendors });
  desk.refuse('REQUIRED_FIELD_MISSING');
  await hub.says(slack, { text: `${mark} message`, user, threadTs });
  await settle(hub, vendors);
  const { items } = (await hub.ask({ path: '/v1/parked', token: tokenOf(organization) })).body;
  const started = await hub.ask({
    method: 'POST',
    path: `/v1/connections/${salesforce.id}/backfills`,
    token: tokenOf(organization),
    body: {},
  });
  const backfill = started.body.id;
  const path = '/v1/parked/replays';
  const body = { text: 'never said' };
  const replay = (await hub.ask({ method: 'POST', path, body, token: tokenOf(organization) })).body.id;
  return {
    slack,
    salesforce,
    ticket,
    account,
    attachment,
    upload,
    parked: items[0].id,
    replay,
    conflict,
    backfill,
  };
}

/** A tenant's ticket, the mark that its texts bear, and the vendors that hold its copies. */
interface Told {
  readonly organization: string;
  readonly ticket: string;
  readonly mark: string;
  readonly vendors: { readonly slack: PlainVendor; readonly salesforce: PlainVendor };
}

/** The desk says whom the customer works for. */
async function company(
  hub: MemoryHub,
  salesforce: Connection,
  { organization, mark, vendors }: Omit<Told, 'ticket'>,
): Promise<string> {
  const desk = [...vendors.salesforce.held.values()].find(({ ref }) => ref.kind === 'contact');
  const name = `${mark} company`;
  const externalId = `A0${organization.toUpperCase()}` as ExternalId;
  await hub.polls(salesforce, { kind: 'account', externalId, fields: { name, website: null, phone: null } });
  await hub.polls(salesforce, {
    ...desk?.ref,
    fields: { ...desk?.fields, account: externalId },
    refersTo: externalId,
  });
  vendors.salesforce.has({ kind: 'account', externalId }, { name });
  if (desk !== undefined) vendors.salesforce.has(desk.ref, { ...desk.fields, account: externalId });
  await settle(hub, vendors);
  const { items } = (await hub.ask({ path: '/v1/accounts', token: tokenOf(organization) })).body;
  return items[0].id;
}

/** The customer sends a file along. */
async function attach(hub: MemoryHub, slack: Connection, given: Told): Promise<string> {
  const { organization, ticket, mark, vendors } = given;
  const token = tokenOf(organization);
  const read = (await hub.ask({ path: `/v1/tickets/${ticket}`, token })).body;
  const thread = read.links.find(({ connection }: { connection: string }) => connection === slack.id);
  await hub.polls(slack, {
    kind: 'attachment',
    externalId: `F0${organization.toUpperCase()}` as ExternalId,
    parent: { kind: 'ticket', externalId: thread.externalId },
    fields: { name: `${mark}.txt`, type: 'text/plain', size: mark.length },
    visibility: 'public',
  });
  await settle(hub, vendors);
  const { items } = (await hub.ask({ path: `/v1/tickets/${ticket}/attachments`, token })).body;
  return items[0].id;
}

/** The agent sends one back, and stops before its end. */
async function announce(hub: MemoryHub, organization: string, ticket: string, mark: string): Promise<string> {
  const bytes = Buffer.from(`${mark} bytes`);
  const { body } = await hub.ask({
    method: 'POST',
    path: `/v1/tickets/${ticket}/uploads`,
    token: tokenOf(organization),
    headers: { 'idempotency-key': `${mark}-upload` },
    body: {
      name: `${mark} answer.txt`,
      type: 'text/plain',
      size: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    },
  });
  await hub.door.put(body.put.url, body.put.headers, bytes);
  return body.id;
}

/** Both sides change the subject before either hears of the other. */
async function disagree(hub: MemoryHub, given: Told): Promise<string> {
  const { organization, ticket, mark, vendors } = given;
  const token = tokenOf(organization);
  const path = `/v1/tickets/${ticket}`;
  const headers = { 'idempotency-key': `${mark}-subject` };
  await hub.ask({ method: 'PATCH', path, token, headers, body: { subject: `${mark} of the hub` } });
  const held = [...vendors.salesforce.held.values()].find(({ ref }) => ref.kind === 'ticket');
  if (held === undefined) throw new Error('the desk holds no ticket');
  vendors.salesforce.has(held.ref, { ...held.fields, subject: `${mark} of the desk` });
  await settle(hub, vendors);
  const { items } = (await hub.ask({ path: `${path}/timeline?limit=100`, token })).body;
  return items.find(({ type }: { type: string }) => type === 'conflict').id;
}

/** Left undone, so that each has a wake an attacker could forge. */
async function reply(hub: MemoryHub, organization: string, { ticket }: Tenant, mark: string): Promise<void> {
  const path = `/v1/tickets/${ticket}/comments`;
  const body = { body: `${mark} reply`, visibility: 'public' };
  const headers = { 'idempotency-key': mark };
  await hub.ask({ method: 'POST', path, token: tokenOf(organization), body, headers });
}

/** Two organizations at work on one hub, each with a conversation, a case and parked work. */
export async function twoTenants(): Promise<TwoTenants> {
  const hub = await memoryHub();
  const victim = await live(hub, VICTIM, CANARY);
  const attacker = await live(hub, ATTACKER, 'globex-itself');
  await reply(hub, VICTIM, victim, CANARY);
  await reply(hub, ATTACKER, attacker, 'globex-itself');
  const stores = Object.values(hub.stores);
  const isVictims = ({ pk, data }: Item) =>
    pk.includes(VICTIM) || JSON.stringify(data).includes(`"${VICTIM}"`);
  return {
    hub,
    victim,
    attacker,
    marks: [
      CANARY,
      victim.slack.id,
      victim.salesforce.id,
      victim.ticket,
      victim.account,
      victim.attachment,
      victim.upload,
      victim.parked,
      victim.backfill,
    ],
    ask: (asked) => hub.ask(asked),
    victimState: () => {
      const items = stores.flatMap((store) => store.items().filter(isVictims));
      const secrets = [victim.slack.id, victim.salesforce.id].map((id) => hub.secrets.get(id));
      const files = hub.content.keys().filter((key) => key.includes(VICTIM));
      return JSON.stringify([items, secrets, files]);
    },
  };
}
