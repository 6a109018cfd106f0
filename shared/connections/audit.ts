import { ConflictError } from '../errors.ts';
import type { Audit, AuditEntry, AuditTrail, Clock, Random, Store } from '../ports/index.ts';

/** Append only: an entry has a key of its own, put on the condition that nothing is there. */
export function storeAudit({ store, random }: { store: Store; random: Random }): Audit {
  const appendAs = async (id: string, entry: AuditEntry) => {
    const key = { pk: `${entry.organization}#audit`, sk: `${stamp(entry.atMs)}#${id}` };
    const listed = { list: auditList(entry.organization), atMs: entry.atMs };
    try {
      await store.commit([{ put: { ...key, data: entry, listed }, expect: 0 }]);
    } catch (error) {
      // The key is nobody else's: it was our own first attempt, whose answer was lost.
      if (!(error instanceof ConflictError)) throw error;
    }
  };
  return { appendAs, append: (entry) => appendAs(random.id(), entry) };
}

export function storeAuditTrail(store: Store): AuditTrail {
  return {
    async page(organization, options) {
      const page = await store.page<AuditEntry>(auditList(organization), options);
      const items = page.items.map(({ data }) => data);
      return { items, ...(page.next === undefined ? {} : { next: page.next }) };
    },
  };
}

/** Who did what to a connection; `hub` is the hub itself. */
export interface Deed {
  readonly organization: string;
  readonly connection: string;
  readonly actor: string;
  readonly action: string;
  readonly outcome?: AuditEntry['outcome'];
  readonly facts?: AuditEntry['facts'];
}

export function record(deps: { audit: Audit; clock: Clock }, deed: Deed): Promise<void> {
  const { outcome = 'done', facts = {} } = deed;
  return deps.audit.append({ ...deed, outcome, facts, atMs: deps.clock.now() });
}

function auditList(organization: string): string {
  return `${organization}#audit`;
}

function stamp(atMs: number): string {
  return String(atMs).padStart(15, '0');
}
