import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mapping } from '../../../../functions/connectors/salesforce/mapping.ts';
import type { ExternalId, Fields } from '../../../../shared/domain/index.ts';
import type { Observation } from '../../../../shared/ports/index.ts';
import { documentWith, OWN } from './severity.ts';
import { type Connected, connected, RECORD, ticket } from './world.ts';

const OUT: Fields = {
  subject: 'Printer on fire',
  'custom.severity': 'critical',
  'custom.area': 'Hardware',
  'custom.impact': '7.5',
  'custom.due': '2026-12-24T10:00:00Z',
  'custom.regulated': 'yes',
};
const RAW: Fields = {
  'custom.severity': 'S1',
  'custom.area': 'Hardware',
  'custom.impact': 7.5,
  'custom.due': '2026-12-24',
  'custom.regulated': true,
};
const COLUMNS = 'Severity__c, Product_Area__c, Impact_Score__c, Due_On__c, Is_Regulated__c';

const document = documentWith(OWN);
let org: Connected;
beforeEach(async () => {
  org = await connected({}, document);
});
afterEach(() => org.sandbox.close());

const context = () => ({
  hubUserId: org.sandbox.hubUserId,
  settings: {},
  receivedAtMs: org.clock.now(),
  mapping: document,
});
const projected = () =>
  mapping.project(
    { id: RECORD, kind: 'ticket', fields: OUT, copy: 'ours', referredExternalId: null },
    context(),
  )!;

async function made(): Promise<ExternalId> {
  const outcome = await org.integration.write!(ticket(projected()));
  if (outcome.outcome !== 'settled') throw outcome.error;
  expect(outcome.observation?.fields).toMatchObject(RAW);
  return outcome.externalId;
}

async function announced(): Promise<readonly Observation[]> {
  const bodies = await org.relayed();
  return bodies.flatMap((body) => {
    const decoded = mapping.decode(body, 'application/json', context());
    return decoded.outcome === 'observations' ? decoded.observations : [];
  });
}

describe('an org’s own fields, as its connection’s mapping names them', () => {
  it('are projected in the org’s words and types', () => {
    expect(projected()).toEqual({ subject: 'Printer on fire', ...RAW });
  });

  it('are written with a new case and read back with it', async () => {
    const id = await made();

    expect(org.sandbox.human.find(`SELECT ${COLUMNS} FROM Case WHERE Id = '${id}'`)).toMatchObject([
      {
        Severity__c: 'S1',
        Product_Area__c: 'Hardware',
        Impact_Score__c: 7.5,
        Due_On__c: '2026-12-24',
        Is_Regulated__c: true,
      },
    ]);
    const remote = await org.integration.read!({ kind: 'ticket', externalId: id });
    expect(remote).toMatchObject({ state: 'present', observation: { fields: RAW, isComplete: true } });
  });

  it('are updated one by one', async () => {
    const externalId = await made();

    await org.integration.write!({
      record: RECORD,
      kind: 'ticket',
      operation: 'update',
      externalId,
      fields: { 'custom.severity': 'S3', 'custom.impact': null },
    });

    expect(org.sandbox.human.find(`SELECT ${COLUMNS} FROM Case WHERE Id = '${externalId}'`)).toMatchObject([
      { Severity__c: 'S3', Impact_Score__c: null, Product_Area__c: 'Hardware' },
    ]);
  });

  it('are told by change events, in the raw form a read gives', async () => {
    const id = await made();
    expect(await announced()).toMatchObject([{ fields: RAW, isComplete: true }]);

    org.sandbox.human.editCase(id, { Severity__c: 'S2', Due_On__c: '2026-12-31', Impact_Score__c: null });

    expect(await announced()).toMatchObject([
      {
        fields: { 'custom.severity': 'S2', 'custom.due': '2026-12-31', 'custom.impact': null },
        isComplete: false,
      },
    ]);
  });

  it('are pulled', async () => {
    await made();

    const pulled: Observation[] = [];
    for await (const page of org.integration.pull!('ticket', undefined)) pulled.push(...page.observations);

    expect(pulled).toMatchObject([{ fields: RAW }]);
  });

  it('are exported with everything else, as they are pulled', async () => {
    org.sandbox.settings({ bulkDelayMs: 0 });
    await made();
    const name = await org.integration.exports!.begin('ticket');

    const page = await org.integration.exports!.page(name, 'ticket', { rows: 10 });

    expect(page.observations).toMatchObject([{ fields: RAW }]);
  });

  it('mean what they meant when they were written', () => {
    expect(mapping.interpret('ticket', { subject: 'x', ...RAW }, context())).toEqual({
      subject: 'x',
      'custom.severity': 'critical',
      'custom.area': 'Hardware',
      'custom.impact': 7.5,
      'custom.due': '2026-12-24',
      'custom.regulated': true,
    });
  });

  it('make a connection unhealthy whose mapping names a field the org has not', async () => {
    const strange = documentWith([{ field: 'custom.severity', vendorField: 'Nope__c', direction: 'both' }]);
    const other = await connected({}, strange);

    const health = await other.integration.check();

    expect(health).toMatchObject({ state: 'unhealthy', error: { vendorCode: 'INVALID_FIELD' } });
    await other.sandbox.close();
  });

  it('never carry anything but a name into a statement', async () => {
    const hostile = documentWith([
      { field: 'custom.severity', vendorField: 'Id FROM User WHERE Name != null --', direction: 'both' },
    ]);
    const other = await connected({}, hostile);

    await expect(
      other.integration.read!({ kind: 'ticket', externalId: '500000000000001AAA' as ExternalId }),
    ).rejects.toMatchObject({
      code: 'invariant',
    });
    await other.sandbox.close();
  });
});
