import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FieldRule } from '../../../../shared/ports/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { caseInBoth, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

const area = (vendorField: string, transforms: FieldRule['transforms']): FieldRule => ({
  field: 'custom.area',
  vendorField,
  direction: 'both',
  first: 'vendor',
  transforms: [...(transforms ?? []), { use: 'truncate', length: 40 }],
});
const PLAIN = area('Product_Area__c', []);
/** Fine with everything the check tries, and with no end on one word. */
const TRAP = `$ = 'trap' ? ($f := function($x) { $f($x) }; $f(1)) : 'A-' & $`;
const BACK = "$contains($, 'A-') ? $substringAfter($, 'A-') : $";
const areas = () => [
  rows(hub.first, 'SELECT Product_Area__c FROM Case')[0]?.Product_Area__c,
  rows(hub.second, 'SELECT Product_Area__c FROM Case')[0]?.Product_Area__c,
];

describe('an expression in a connection’s mapping', () => {
  it('speaks for both directions', async () => {
    const { here, there } = await caseInBoth(hub);
    await hub.map(hub.first, [PLAIN]);
    await hub.map(hub.second, [area('Product_Area__c', [{ use: 'expression', out: TRAP, in: BACK }])]);

    hub.first.human.editCase(here, { Product_Area__c: 'paper' });
    await hub.settle();
    expect(areas()).toEqual(['paper', 'A-paper']);

    hub.second.human.editCase(there, { Product_Area__c: 'A-ink' });
    await hub.settle();
    expect(areas()).toEqual(['ink', 'A-ink']);
  });

  it('that never ends on a value parks that copy with the reason; others go on, and another mapping brings it back', async () => {
    const { here } = await caseInBoth(hub);
    await hub.map(hub.first, [PLAIN]);
    await hub.map(hub.second, [area('Product_Area__c', [{ use: 'expression', out: TRAP, in: BACK }])]);
    hub.first.human.editCase(here, { Product_Area__c: 'trap' });
    await hub.settle();

    expect(await hub.parked()).toMatchObject([
      {
        code: 'unmappable',
        fault: 'organization',
        reason: expect.stringMatching(/^custom\.area ↔ Product_Area__c: the expression outwards/),
      },
    ]);
    const other = hub.first.human.createCase({ subject: 'Another', description: 'goes on' });
    hub.first.human.editCase(other.id, { Product_Area__c: 'paper' });
    await hub.settle();
    expect(rows(hub.second, "SELECT Product_Area__c FROM Case WHERE Subject = 'Another'")).toEqual([
      { Product_Area__c: 'A-paper' },
    ]);

    await hub.map(hub.second, [PLAIN]);
    await hub.settle();
    expect(await hub.parked()).toEqual([]);
    expect(areas()).toEqual(['trap', 'trap']);
  });

  it('is refused at once where it never ends on anything', async () => {
    const endless = area('Product_Area__c', [
      { use: 'expression', out: '($f := function($x) { $f($x) }; $f(1))' },
    ]);

    await expect(hub.map(hub.second, [endless])).rejects.toMatchObject({
      code: 'invalid_input',
      pointer: '/document/kinds/ticket/rules/5/transforms/0/out',
    });
  });
});
