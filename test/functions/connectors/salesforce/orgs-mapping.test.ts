import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FieldRule } from '../../../../shared/ports/index.ts';
import type { SalesforceSandbox } from '../../../sandboxes/salesforce/index.ts';
import { type SalesforceHub, salesforceHub } from './hub.ts';
import { documentWith, SEVERITY, words } from './severity.ts';
import { caseInBoth, rows } from './shared-case.ts';

let hub: SalesforceHub;
beforeEach(async () => {
  hub = await salesforceHub();
});
afterEach(() => hub.close());

/** The second org keeps the same in a text field, in words of its own. */
const AREA: FieldRule = {
  field: 'custom.severity',
  vendorField: 'Product_Area__c',
  direction: 'both',
  values: words(['critical', 'Sev Critical'], ['major', 'Sev Major'], ['minor', 'Sev Minor']),
};
const since = (rule: FieldRule, first: 'hub' | 'vendor', version = 1): FieldRule => ({
  ...rule,
  first,
  since: version,
});
const severities = () => [
  rows(hub.first, 'SELECT Severity__c FROM Case')[0]?.Severity__c,
  rows(hub.second, 'SELECT Product_Area__c FROM Case')[0]?.Product_Area__c,
];
const touched = (org: SalesforceSandbox) => org.state().Case?.[0]?.SystemModstamp;

async function mapBoth(): Promise<{ here: string; there: string }> {
  await hub.map(hub.first, [since(SEVERITY, 'vendor')]);
  await hub.map(hub.second, [since(AREA, 'hub')]);
  return caseInBoth(hub);
}

describe('two orgs and the engine: fields of their own', () => {
  it('carry a custom field between two names and two vocabularies, both ways', async () => {
    const { here, there } = await mapBoth();

    hub.first.human.editCase(here, { Severity__c: 'S2' });
    await hub.settle();
    expect(severities()).toEqual(['S2', 'Sev Major']);

    hub.second.human.editCase(there, { Product_Area__c: 'Sev Critical' });
    await hub.settle();
    expect(severities()).toEqual(['S1', 'Sev Critical']);
    expect(await hub.parked()).toEqual([]);
  });

  it('heal by the pull what no event told', async () => {
    const { here } = await mapBoth();
    hub.first.faults.add({ on: 'event', effect: 'lose' });

    hub.first.human.editCase(here, { Severity__c: 'S3' });
    await hub.settle();
    await hub.poll();
    await hub.settle();

    expect(severities()).toEqual(['S3', 'Sev Minor']);
  });

  it('start, newly mapped on a case that is there already, from the side that was asked for', async () => {
    const { here, there } = await caseInBoth(hub);
    hub.first.human.editCase(here, { Severity__c: 'S1' });
    hub.second.human.editCase(there, { Product_Area__c: 'Sev Minor' });
    await hub.settle();

    await hub.map(hub.first, [since(SEVERITY, 'vendor')]);
    await hub.map(hub.second, [since(AREA, 'hub')]);
    // What touches the case first takes the new mapping up; the next event is of another field.
    hub.first.human.editCase(here, { Description: 'It burns' });
    await hub.settle();

    expect(severities()).toEqual(['S1', 'Sev Critical']);
  });

  it('are written anew where their words change, and no copy looks edited', async () => {
    const { here } = await mapBoth();
    hub.first.human.editCase(here, { Severity__c: 'S1' });
    await hub.settle();
    const before = touched(hub.first);

    const renamed = { ...AREA, values: words(['critical', 'Blocker'], ['major', 'Sev Critical']) };
    await hub.map(hub.second, [since(renamed, 'hub')]);
    hub.first.human.editCase(here, { Description: 'It burns' });
    await hub.settle();

    expect(severities()).toEqual(['S1', 'Blocker']);
    expect(touched(hub.first)).not.toBe(before);
    expect(rows(hub.first, 'SELECT Severity__c FROM Case')).toEqual([{ Severity__c: 'S1' }]);
  });

  it('are set through the hub’s own API too, as their declared type has it', async () => {
    await mapBoth();
    const [ticket] = await hub.mappings.preview({
      ...hub.asked(hub.first),
      document: documentWith([since(SEVERITY, 'vendor')]),
      limit: 1,
    });

    await hub.edit(ticket!.record, { 'custom.severity': 'minor' });
    await hub.settle();

    expect(severities()).toEqual(['S3', 'Sev Minor']);
    await expect(hub.edit(ticket!.record, { 'custom.severity': 3 })).rejects.toMatchObject({
      code: 'invalid_input',
      pointer: '/fields/custom.severity',
    });
    await expect(hub.edit(ticket!.record, { 'custom.unheard_of': 'x' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });
});
