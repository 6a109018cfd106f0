import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDirectory } from '../../../../shared/connections/index.ts';
import type { FieldRule } from '../../../../shared/ports/index.ts';
import type { SalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { documentWith, SEVERITY, words } from './severity.ts';
import { CASES, caseInBoth, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const fromVendor: FieldRule = { ...SEVERITY, first: 'vendor' };
const AREA: FieldRule = {
  field: 'custom.severity',
  vendorField: 'Product_Area__c',
  direction: 'both',
  first: 'hub',
  values: words(['critical', 'Sev Critical'], ['major', 'Sev Major'], ['minor', 'Sev Minor']),
};
const actor = 'user:ada';
const asked = (org: SalesforceSandbox) => ({ ...hub.asked(org), actor });
const severities = () => [
  rows(hub.first, 'SELECT Severity__c FROM Case')[0]?.Severity__c,
  rows(hub.second, 'SELECT Product_Area__c FROM Case')[0]?.Product_Area__c,
];

async function severeCase() {
  const both = await caseInBoth(hub);
  hub.first.human.editCase(both.here, { Severity__c: 'S1' });
  hub.second.human.editCase(both.there, { Product_Area__c: 'Sev Minor' });
  await hub.settle();
  return both;
}

describe('a connection’s mapping', () => {
  it('is its integration’s default until it has one of its own', async () => {
    const { document, isDefault } = await hub.mappings.read(asked(hub.first));

    expect(isDefault).toBe(true);
    expect(document.version).toBe(0);
  });

  it('is suggested from what the org has', async () => {
    const { document, fields } = await hub.mappings.suggest(asked(hub.first));

    expect(document.kinds.ticket?.rules.map(({ field }) => field)).toContain('custom.severity');
    expect(fields.ticket?.map(({ name }) => name)).toContain('Severity__c');
    expect((await hub.mappings.validate({ ...asked(hub.first), document })).faults).toEqual([]);
  });

  it('is told to have been put at that time, which its document does not hold', async () => {
    const { organization, connection } = hub.asked(hub.first);
    const document = documentWith([fromVendor]);

    const put = await hub.mappings.put({ ...asked(hub.first), document, basedOn: 0 });

    const directory = createDirectory({ store: hub.platform.stores.connections, clock: hub.platform.clock });
    const found = await directory.get(organization, connection);
    expect(found?.mappedAtMs).toBe(hub.platform.clock.now());
    expect(found?.mapping).toEqual(put.document);
    expect(put.document).not.toHaveProperty('putAtMs');
  });

  it('is put on the version it was made from, or not at all', async () => {
    const put = (basedOn: number) =>
      hub.mappings.put({ ...asked(hub.first), document: documentWith([fromVendor]), basedOn });
    await put(0);

    await expect(put(0)).rejects.toMatchObject({ code: 'conflict' });
    expect((await put(1)).document.version).toBe(2);
  });

  it('is refused with every fault, and nothing is changed', async () => {
    const document = documentWith([{ ...SEVERITY, vendorField: 'Nope__c' }]);

    await expect(hub.mappings.put({ ...asked(hub.first), document, basedOn: 0 })).rejects.toMatchObject({
      code: 'invalid_input',
      pointer: '/document/kinds/ticket/rules/5/first',
      message: expect.stringContaining('/kinds/ticket/rules/5/vendorField: the vendor has no field Nope__c'),
    });
    expect((await hub.mappings.read(asked(hub.first))).isDefault).toBe(true);
  });

  it('is refused with the way round where a value would chase itself', async () => {
    const one = (org: SalesforceSandbox, rules: readonly FieldRule[]) =>
      hub.mappings.validate({ ...asked(org), document: documentWith(rules) });
    const rule = (field: string, vendorField: string, direction: 'in' | 'out'): FieldRule => ({
      field,
      vendorField,
      direction,
      first: direction === 'in' ? 'vendor' : 'hub',
      transforms: [{ use: 'truncate', length: 40 }],
    });
    await hub.map(hub.second, [
      rule('custom.area', 'Product_Area__c', 'out'),
      rule('custom.severity', 'Product_Area__c', 'in'),
    ]);

    const { faults } = await one(hub.first, [
      rule('custom.area', 'SuppliedName', 'in'),
      { ...rule('custom.severity', 'SuppliedName', 'out') },
    ]);

    expect(faults.filter(({ code }) => code === 'cycle')[0]?.message).toMatch(
      /SuppliedName → ticket\.custom\.area → .*Product_Area__c/,
    );
  });
});

describe('a preview', () => {
  it('says what would be written where, and what would have to go; nothing is written', async () => {
    const { there } = await severeCase();
    await hub.map(hub.first, [fromVendor]);
    await hub.settle();
    const before = JSON.stringify([hub.first.state().Case, hub.second.state().Case]);

    const items = await hub.mappings.preview({
      ...asked(hub.second),
      document: documentWith([AREA]),
      limit: 5,
    });

    expect(items.filter(({ kind }) => kind === 'ticket')).toEqual([
      {
        record: expect.any(String),
        kind: 'ticket',
        externalId: there,
        takes: [],
        replaces: [{ field: 'custom.severity', lost: 'minor', kept: 'critical' }],
        writes: [
          {
            connection: hub.asked(hub.second).connection,
            fields: [
              {
                field: 'custom.severity',
                vendorField: 'Product_Area__c',
                from: 'Sev Minor',
                to: 'Sev Critical',
              },
            ],
          },
        ],
      },
    ]);
    expect(JSON.stringify([hub.first.state().Case, hub.second.state().Case])).toBe(before);
    expect((await hub.mappings.read(asked(hub.second))).isDefault).toBe(true);
  });

  it('names what other copies would be given', async () => {
    await severeCase();
    await hub.map(hub.second, [AREA]);
    await hub.settle();

    const items = await hub.mappings.preview({
      ...asked(hub.first),
      document: documentWith([fromVendor]),
      limit: 5,
    });

    const [item] = items.filter(({ kind }) => kind === 'ticket');
    expect(item?.takes).toEqual([{ field: 'custom.severity', from: 'minor', to: 'critical' }]);
    expect(item?.writes.map(({ connection, fields }) => [connection, fields[0]?.to])).toEqual([
      [hub.asked(hub.second).connection, 'Sev Critical'],
    ]);
  });
});

describe('a change carried out', () => {
  it('reaches quiet records in the background, without any event of theirs', async () => {
    await severeCase();

    await hub.map(hub.first, [fromVendor]);
    await hub.map(hub.second, [AREA]);
    await hub.settle();

    expect(severities()).toEqual(['S1', 'Sev Critical']);
    const { run } = await hub.mappings.read(asked(hub.second));
    expect(run).toMatchObject({ version: 1, looked: 2, finishedAtMs: expect.any(Number) });
    expect(await hub.parked()).toEqual([]);
  });

  it('writes new words everywhere, and then is quiet (invariant 2)', async () => {
    await severeCase();
    await hub.map(hub.first, [fromVendor]);
    await hub.map(hub.second, [AREA]);
    await hub.settle();

    await hub.map(hub.second, [
      { ...AREA, values: words(['critical', 'Blocker'], ['major', 'Sev Critical']) },
    ]);
    await hub.settle();
    expect(severities()).toEqual(['S1', 'Blocker']);

    const stamps = () => [hub.first, hub.second].map((org) => org.state().Case?.[0]?.SystemModstamp);
    const before = stamps();
    await hub.settle();
    expect(stamps()).toEqual(before);
  });

  it('brings a default to the cases there are, as the preview says', async () => {
    await caseInBoth(hub);
    const names = () => rows(hub.first, 'SELECT SuppliedName FROM Case')[0]?.SuppliedName;
    const rule: FieldRule = {
      field: 'custom.area',
      vendorField: 'SuppliedName',
      direction: 'both',
      first: 'hub',
      transforms: [{ use: 'truncate', length: 80 }],
    };
    const previewed = async (more: Partial<FieldRule>) => {
      const document = documentWith([{ ...rule, ...more }]);
      const items = await hub.mappings.preview({ ...asked(hub.first), document, limit: 5 });
      return items.flatMap(({ writes }) => writes.flatMap(({ fields }) => fields.map(({ to }) => to)));
    };

    // A pair met for the first time, then one that is known.
    for (const name of ['lights', 'bells']) {
      expect(await previewed({ default: name })).toEqual([name]);
      await hub.map(hub.first, [{ ...rule, default: name }]);
      await hub.settle();
      expect(names()).toBe(name);
    }

    hub.first.human.editCase(String(hub.first.human.find('SELECT Id FROM Case')[0]?.Id), {
      SuppliedName: null,
    });
    await hub.settle();
    expect(names()).toBe('bells');
    expect(await previewed({ default: 'bells' })).toEqual([]);
  });

  it('goes on after it was cut off in the middle', async () => {
    await severeCase();
    await hub.map(hub.first, [fromVendor]);
    const { stores } = hub.platform;
    const { list } = stores.records;
    // The sweeper of that minute dies before its page is done.
    stores.records.page = async () => {
      throw new Error('killed');
    };
    await hub.sweep().catch(() => undefined);
    Reflect.deleteProperty(stores.records, 'page');
    expect(list).toBe(stores.records.list);

    await hub.settle();

    expect((await hub.mappings.read(asked(hub.first))).run?.finishedAtMs).toBeDefined();
    expect(await hub.parked()).toEqual([]);
  });
});

describe('what a deleted case means is said in its connection’s mapping', () => {
  it('closes the ticket everywhere else, and opens it again with the case', async () => {
    const { here } = await caseInBoth(hub);
    const document = { ...documentWith([]), deletions: { ticket: 'close' } } as const;
    await hub.mappings.put({ ...asked(hub.first), document, basedOn: 0 });
    await hub.settle();
    const statuses = () => rows(hub.second, CASES).map(({ Status }) => Status);

    hub.first.human.remove(here);
    await hub.settle();
    expect(statuses()).toEqual(['Closed']);

    hub.first.human.undelete(here);
    await hub.settle();
    expect(statuses()).toEqual(['New']);
  });
});
