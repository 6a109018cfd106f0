import { describe, expect, it } from 'vitest';
import type { ConnectionId, OrganizationId } from '../../shared/domain/index.ts';
import type {
  Audit,
  AuditEntry,
  Bus,
  Connection,
  Connections,
  HubEvent,
  Keys,
  Sealer,
  Secrets,
  SecretsWriter,
} from '../../shared/ports/index.ts';

/** Small ports, each held by all its implementations alike: the memory ones stand in for the others everywhere. */
export const acme = 'acme' as OrganizationId;
export const globex = 'globex' as OrganizationId;
export const c1 = 'c1' as ConnectionId;
export const c2 = 'c2' as ConnectionId;
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

export function describeSealer(name: string, make: () => Promise<Sealer>): void {
  describe(`sealer ${name}: contract`, () => {
    it('opens what was sealed, for its organization and connection alone', async () => {
      const sealer = await make();
      const sealed = await sealer.seal(acme, c1, bytes('a secret text'));

      expect(Buffer.from(sealed).includes('secret')).toBe(false);
      expect(Buffer.from(await sealer.open(acme, c1, sealed)).toString()).toBe('a secret text');
      await expect(sealer.open(globex, c1, sealed)).rejects.toMatchObject({ code: 'invariant' });
      await expect(sealer.open(acme, c2, sealed)).rejects.toMatchObject({ code: 'invariant' });
    });

    it('never seals twice alike, and opens nothing that was changed or cut', async () => {
      const sealer = await make();
      const sealed = await sealer.seal(acme, c1, bytes('x'));

      expect(await sealer.seal(acme, c1, bytes('x'))).not.toEqual(sealed);
      for (let at = 0; at < sealed.length; at += 1) {
        const changed = Uint8Array.from(sealed, (byte, place) => (place === at ? byte ^ 1 : byte));
        await expect(sealer.open(acme, c1, changed)).rejects.toMatchObject({ code: 'invariant' });
      }
      await expect(sealer.open(acme, c1, sealed.slice(0, 5))).rejects.toMatchObject({ code: 'invariant' });
    });

    it('takes nothing at all, and bytes that are no text', async () => {
      const sealer = await make();

      for (const plain of [new Uint8Array(), Uint8Array.of(0, 255, 128)]) {
        const opened = await sealer.open(acme, c1, await sealer.seal(acme, c1, plain));
        expect(Buffer.from(opened)).toEqual(Buffer.from(plain));
      }
    });
  });
}

export function describeKeys(name: string, make: () => Promise<Keys>): void {
  describe(`keys ${name}: contract`, () => {
    it('gives a fresh key of 32 bytes, and opens it again in its own context alone', async () => {
      const keys = await make();
      const context = { organization: 'acme', connection: 'c1' };
      const { plain, wrapped } = await keys.generate(context);
      const other = await keys.generate(context);

      expect(plain).toHaveLength(32);
      expect(Buffer.from(other.plain).equals(plain)).toBe(false);
      expect(Buffer.from(wrapped).includes(Buffer.from(plain))).toBe(false);
      const turned = { connection: 'c1', organization: 'acme' };
      expect(Buffer.from(await keys.unwrap(wrapped, turned))).toEqual(Buffer.from(plain));
      await expect(keys.unwrap(wrapped, { ...context, organization: 'globex' })).rejects.toMatchObject({
        code: 'invariant',
      });
    });
  });
}

export function describeSecrets(name: string, make: () => Promise<Secrets & SecretsWriter>): void {
  describe(`secrets ${name}: contract`, () => {
    it('gives back all that was put last, and misses what is not there', async () => {
      const secrets = await make();
      await secrets.put(c1, { signingSecret: 'one', old: 'x' });
      await secrets.put(c1, { signingSecret: 'two' });

      expect(await secrets.get(c1)).toEqual({ signingSecret: 'two' });
      expect(await secrets.get(c2)).toBeUndefined();
    });

    it('forgets what was removed, and removes what never was without complaint', async () => {
      const secrets = await make();
      await secrets.put(c1, { signingSecret: 'one' });

      await secrets.remove(c1);
      await secrets.remove(c2);

      expect(await secrets.get(c1)).toBeUndefined();
    });
  });
}

export interface ConnectionsWorld {
  readonly connections: Connections;
  /** Makes a connection there is; its id is told. */
  add(organization: OrganizationId): Promise<Connection>;
  remove(connection: Connection): Promise<void>;
}

export function describeConnections(name: string, make: () => Promise<ConnectionsWorld>): void {
  describe(`connections ${name}: contract`, () => {
    it('shows a connection to its own organization alone, and by its address to anybody', async () => {
      const { connections, add } = await make();
      const [ours, theirs] = [await add(acme), await add(globex)];

      expect(await connections.get(acme, ours.id)).toEqual(ours);
      expect(await connections.get(globex, ours.id)).toBeUndefined();
      expect(await connections.byAddress(theirs.id)).toEqual(theirs);
      expect(await connections.byAddress('never')).toBeUndefined();
      expect(await connections.ofOrganization(acme)).toEqual([ours]);
      expect(await connections.ofOrganization('nobody' as OrganizationId)).toEqual([]);
    });

    it('shows a removed connection to nobody', async () => {
      const { connections, add, remove } = await make();
      const removed = await add(acme);

      await remove(removed);

      expect(await connections.get(acme, removed.id)).toBeUndefined();
      expect(await connections.byAddress(removed.id)).toBeUndefined();
      expect(await connections.ofOrganization(acme)).toEqual([]);
    });
  });
}

export interface AuditWorld {
  readonly audit: Audit;
  /** All of an organization, oldest first. */
  entries(organization: string): Promise<readonly AuditEntry[]>;
}

export function describeAudit(name: string, make: () => Promise<AuditWorld>): void {
  const entry = (organization: string, atMs: number): AuditEntry => ({
    organization,
    connection: 'c1',
    actor: 'hub',
    action: 'copy.created',
    outcome: 'done',
    atMs,
    facts: { record: 'r1' },
  });

  describe(`audit ${name}: contract`, () => {
    it('keeps every entry apart, equal ones and those of one moment too', async () => {
      const { audit, entries } = await make();
      for (const atMs of [1_000, 1_000, 2_000]) await audit.append(entry('acme', atMs));
      await audit.append(entry('globex', 3_000));

      expect(await entries('acme')).toEqual([1_000, 1_000, 2_000].map((atMs) => entry('acme', atMs)));
      expect(await entries('globex')).toHaveLength(1);
    });

    it('takes an entry under an id of its own once, however often it is told', async () => {
      const { audit, entries } = await make();

      await audit.appendAs('deed-1', entry('acme', 1_000));
      await audit.appendAs('deed-1', entry('acme', 1_000));

      expect(await entries('acme')).toHaveLength(1);
    });
  });
}

export interface BusWorld {
  readonly bus: Bus;
  /** Ids of what arrived, in order. */
  arrived(): Promise<readonly string[]>;
}

export function describeBus(name: string, make: () => Promise<BusWorld>): void {
  const event = (at: number): HubEvent => ({
    id: `r1.${at}`,
    type: 'ticket.updated',
    organization: acme,
    subject: 'r1',
    atMs: Date.UTC(2026, 0, 2),
    data: { revision: at },
  });

  describe(`bus ${name}: contract`, () => {
    it.each([0, 1, 10, 23])('takes %d events at once, each of them, in order', async (count) => {
      const { bus, arrived } = await make();
      const events = Array.from({ length: count }, (_, at) => event(at));

      expect(await bus.publish(events)).toEqual([]);

      expect(await arrived()).toEqual(events.map(({ id }) => id));
    });

    it('takes the same event again: at least once is the rule', async () => {
      const { bus, arrived } = await make();

      await bus.publish([event(1)]);
      await bus.publish([event(1)]);

      expect(await arrived()).toEqual(['r1.1', 'r1.1']);
    });
  });
}
