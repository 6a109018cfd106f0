import type { Context } from 'aws-lambda';
import { beforeEach, describe, expect, it } from 'vitest';
import { catalog } from '../../functions/catalog.ts';
import { manifest as salesforceManifest } from '../../functions/connectors/salesforce/manifest.ts';
import { eventRelay } from '../../functions/connectors/salesforce/relay.ts';
import type { InboxId, RecordId, WakeId } from '../../shared/domain/index.ts';
import { type PartnerEvent, partnerInbound } from '../../shared/http/index.ts';
import type { Connection, HubMessage, Item, WorkMessage } from '../../shared/ports/index.ts';
import type { Root } from '../../shared/sync/index.ts';
import type { Answered } from '../functions/platform/hub.ts';
import { plainVendor } from '../functions/platform/vendor.ts';
import { CANARY, type TwoTenants, twoTenants, VICTIM } from './two-tenants.ts';

let tenants: TwoTenants;

beforeEach(async () => {
  tenants = await twoTenants();
});

interface Door {
  readonly connectionOf: (tenant: TwoTenants['victim']) => Connection;
  readonly body: () => string;
  readonly sign: (connection: Connection, body: string) => Record<string, string>;
}

/** How an attacker with a connection of their own would knock at each webhook. */
const DOORS: Readonly<Record<string, Door>> = {
  slack: {
    connectionOf: ({ slack }) => slack,
    body: () => tenants.hub.slackBody({ text: 'attack' }).raw,
    sign: (connection, body) => tenants.hub.signed(connection, body),
  },
};

function knock(id: string, at: string, raw: string, headers: Record<string, string>): Promise<Answered> {
  return tenants.hub.webhook({ method: 'POST', path: `/webhooks/${id}/${at}`, raw, headers });
}

describe('webhooks', () => {
  it('each have their attack', () => {
    const ids = catalog.filter(({ webhook }) => webhook !== undefined).map(({ id }) => id);

    expect(Object.keys(DOORS).sort()).toEqual(ids.sort());
  });
});

describe.each(Object.entries(DOORS))('the webhook of %s', (id, door) => {
  it('refuses a signature of another organization exactly like an unknown address', async () => {
    const [victim, attacker] = [door.connectionOf(tenants.victim), door.connectionOf(tenants.attacker)];
    const body = door.body();
    const headers = door.sign(attacker, body);
    const before = tenants.victimState();

    const foreign = await knock(id, victim.id, body, headers);
    const unknown = await knock(id, 'never-was', body, headers);

    expect(foreign.status).toBe(401);
    expect(foreign).toEqual(unknown);
    expect(tenants.victimState()).toBe(before);
  });

  it('keeps an event under the organization whose address and secret it came by, whatever it says', async () => {
    const attacker = door.connectionOf(tenants.attacker);
    const { account, id: victims } = door.connectionOf(tenants.victim);
    const said = { ...JSON.parse(door.body()), team_id: account, connection: victims, organization: VICTIM };
    const body = JSON.stringify(said);
    const before = tenants.victimState();

    const { status } = await knock(id, attacker.id, body, door.sign(attacker, body));
    await tenants.hub.observe();

    expect(status).toBe(200);
    expect(tenants.victimState()).toBe(before);
  });

  it('is no address of another integration', async () => {
    const body = door.body();

    const { status } = await knock(
      id,
      tenants.attacker.salesforce.id,
      body,
      door.sign(tenants.attacker.salesforce, body),
    );

    expect(status).toBe(401);
  });
});

function partnerEvent(account: string, caseId: string): PartnerEvent {
  const header = {
    entityName: 'Case',
    recordIds: [caseId],
    changeType: 'UPDATE',
    changedFields: ['Subject'],
    transactionKey: 'attack',
    sequenceNumber: 1,
    commitTimestamp: tenants.hub.clock.now(),
    commitUser: '005000000000001AAA',
  };
  return {
    id: 'e1',
    source: `aws.partner/salesforce.com/${account}/deskbridge`,
    'detail-type': 'CaseChangeEvent',
    detail: { payload: { ChangeEventHeader: header, Subject: 'attack' } },
  } as unknown as PartnerEvent;
}

/** Each takes an event from the attacker's own account that names the victim's objects. */
const PARTNERS: Readonly<Record<string, (event: PartnerEvent) => Promise<unknown>>> = {
  salesforce: async (event) => {
    const inbound = partnerInbound(salesforceManifest, eventRelay, tenants.hub.platform);
    return inbound(event, {} as Context);
  },
};

describe('partner event buses', () => {
  it('each have their attack', () => {
    const ids = catalog.filter(({ partnerEvents }) => partnerEvents !== undefined).map(({ id }) => id);

    expect(Object.keys(PARTNERS).sort()).toEqual(ids.sort());
  });

  it.each(Object.entries(PARTNERS))(
    'keep an event of %s under the account it came from',
    async (_, receive) => {
      const before = tenants.victimState();

      await receive(partnerEvent(String(tenants.attacker.salesforce.account), '500000000000001AAA'));
      await receive(partnerEvent('00D999999999999AAA', '500000000000001AAA'));
      await tenants.hub.observe();

      expect(tenants.victimState()).toBe(before);
    },
  );
});

/** The compiler asks for an attack by every type of message there is. */
const MESSAGES: Readonly<Record<HubMessage['type'], () => readonly HubMessage[]>> = {
  change: () =>
    [tenants.victim.slack, tenants.attacker.slack].flatMap(({ id: connection }) =>
      rowsOf(VICTIM).map((inbox) => ({
        type: 'change',
        organization: tenants.attacker.slack.organization,
        connection,
        inbox,
      })),
    ),
  reconcile: () => forgedWork('reconcile'),
  transfer: () => forgedWork('transfer'),
};

const forgedWork = (type: WorkMessage['type']): readonly WorkMessage[] =>
  [tenants.victim.slack, tenants.attacker.slack, tenants.attacker.salesforce].map(({ id: connection }) => ({
    type,
    organization: tenants.attacker.slack.organization,
    root: (type === 'transfer' ? tenants.victim.attachment : tenants.victim.ticket) as RecordId,
    connection,
    wake: wakeOf(tenants.victim.ticket),
  }));

function rowsOf(organization: string): readonly InboxId[] {
  const rows = tenants.hub.stores.records.items().filter(({ pk }) => pk.startsWith(`${organization}#inbox#`));
  if (rows.length === 0) throw new Error('the victim has no inbox row to attack');
  return rows.map(({ data }) => (data as { inbox: InboxId }).inbox);
}

function wakeOf(ticket: string): WakeId {
  const root = tenants.hub.stores.records
    .items()
    .find(({ pk, sk }) => pk.endsWith(`#root#${ticket}`) && sk === 'root');
  const { lanes } = (root as Item<Root>).data;
  const wake = Object.values(lanes).find((lane) => lane.wake !== undefined)?.wake?.id;
  if (wake === undefined) throw new Error('the victim has no wake to forge');
  return wake;
}

/** Nothing but the store's keys stands between a forged message and the victim. */
async function carryOut(message: HubMessage): Promise<PlainVendorState> {
  const vendor = plainVendor('forged', tenants.hub.clock);
  const { engine, clock } = tenants.hub;
  if (message.type === 'change') await engine.observe(message);
  else await engine.reconcile(message, vendor, clock.now() + 25_000);
  return { written: vendor.held.size };
}
interface PlainVendorState {
  readonly written: number;
}

describe.each(Object.entries(MESSAGES))(
  'a queue message of type %s in the name of another organization',
  (_, forge) => {
    it('reads and changes nothing of the victim', async () => {
      const before = tenants.victimState();

      for (const message of forge()) {
        const outcome = await carryOut(message).catch((error: Error & { code?: string }) => error.code);
        if (typeof outcome === 'object') expect(outcome.written).toBe(0);
        else expect(outcome).toBe('not_found');
      }

      expect(tenants.victimState()).toBe(before);
      expect(JSON.stringify(tenants.hub.telemetry)).not.toContain(CANARY);
    });

    it('parks nothing of the victim when it ends in a dead-letter queue', async () => {
      const before = tenants.victimState();

      for (const message of forge()) {
        await tenants.hub.engine.deadLetter(message, 'forged').catch((error: Error & { code?: string }) => {
          expect(error.code).toBe('not_found');
        });
      }

      expect(tenants.victimState()).toBe(before);
    });
  },
);
