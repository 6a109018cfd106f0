import type { ExternalId } from '../../shared/domain/index.ts';
import type { Connection, Item } from '../../shared/ports/index.ts';
import { type Answered, type Asked, type MemoryHub, memoryHub, tokenOf } from '../functions/platform/hub.ts';
import { plainVendor } from '../functions/platform/vendor.ts';

export const VICTIM = 'acme';
export const ATTACKER = 'globex';
/** Stands in every text the victim has; nothing an attacker is told may hold it. */
export const CANARY = 'canary-of-acme';

export interface Tenant {
  readonly slack: Connection;
  readonly salesforce: Connection;
  readonly ticket: string;
  readonly parked: string;
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
  const account = `00D000000000${organization.padEnd(6, '0').slice(0, 6)}`;
  const slack = await hub.connect(organization, 'slack', {
    name: `${mark} chat`,
    account: `T0-${organization}`,
  });
  const salesforce = await hub.connect(organization, 'salesforce', { name: `${mark} desk`, account });
  hub.secrets.set(slack.id, { ...hub.secrets.get(slack.id), clientId: 'id', clientSecret: 'secret' });
  const chat = plainVendor(`${mark}-chat`, hub.clock);
  const desk = plainVendor(`${mark}-desk`, hub.clock);
  chat.has({ kind: 'contact', externalId: user as ExternalId }, { name: mark, email: `${mark}@example.com` });
  desk.refuse('REQUIRED_FIELD_MISSING');
  const threadTs = await hub.says(slack, { text: `${mark} subject`, user });
  await hub.says(slack, { text: `${mark} message`, user, threadTs });
  for (let round = 0; round < 6; round += 1) {
    hub.clock.advance(2_000);
    await hub.work('slack', chat);
    await hub.work('salesforce', desk);
    await hub.observe();
  }
  const token = tokenOf(organization);
  const { items } = (await hub.ask({ path: '/v1/parked', token })).body;
  const ticket = await hub.onlyTicket(organization);
  return { slack, salesforce, ticket, parked: items[0].id };
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
    marks: [CANARY, victim.slack.id, victim.salesforce.id, victim.ticket, victim.parked],
    ask: (asked) => hub.ask(asked),
    victimState: () => JSON.stringify(stores.flatMap((store) => store.items().filter(isVictims))),
  };
}
