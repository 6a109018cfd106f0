import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adapter } from '../../../../../functions/connectors/salesforce/adapter.ts';
import { standard } from '../../../../../functions/connectors/salesforce/mapping/standard.ts';
import type { RecordId } from '../../../../../shared/domain/index.ts';
import type { Creation, FieldRule, RootCreation } from '../../../../../shared/ports/index.ts';
import { type Connected, connected, note } from '../world.ts';

let world: Connected;
beforeEach(async () => {
  world = await connected();
});
afterEach(() => world.sandbox.close());

const cases = (count: number, from = 0): RootCreation[] =>
  Array.from({ length: count }, (_, at) => ({
    kind: 'ticket',
    operation: 'create',
    record: `record${from + at}` as RecordId,
    fields: { subject: `case ${from + at}`, status: 'New', priority: 'Medium' },
  }));
const create = (changes: readonly RootCreation[]) => world.integration.together!.create(changes);
const subjects = () => world.sandbox.human.find('SELECT Subject FROM Case').map(({ Subject }) => Subject);

describe('Salesforce, many at once', () => {
  it('makes 200 cases in one call, each read back with its record', async () => {
    await create(cases(1, 900));
    const before = world.usages.at(-1)?.used ?? 0;

    const outcomes = await create(cases(200));

    expect((world.usages.at(-1)?.used ?? 0) - before).toBe(1);
    for (const [at, outcome] of outcomes.entries()) {
      expect(outcome).toMatchObject({
        outcome: 'settled',
        observation: { marker: `record${at}`, authorship: 'hub', fields: { subject: `case ${at}` } },
      });
    }
    expect(subjects()).toHaveLength(201);
  });

  it('refuses one by itself, in the org’s own words', async () => {
    world.sandbox.settings({ restrictPicklists: true });
    const [good, bad, last] = cases(3);

    const outcomes = await create([
      good!,
      { ...bad!, fields: { ...bad!.fields, priority: 'Whatever' } },
      last!,
    ]);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['settled', 'refused', 'settled']);
    expect(outcomes[1]).toMatchObject({
      why: 'rejected',
      error: { vendorCode: 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST' },
    });
    expect(subjects()).toEqual(['case 0', 'case 2']);
  });

  it('takes a customer’s text that names another part of the call for the text it is', async () => {
    const [one, other] = cases(2);

    const outcomes = await create([
      { ...one!, fields: { ...one!.fields, subject: 'set @{rows.id} here' } },
      other!,
    ]);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['settled', 'settled']);
    expect(subjects()).toEqual(['set @\u2060{rows.id} here', 'case 1']);
  });

  it('finds what an earlier call has made whose answer was lost, and leaves what an agent did to it', async () => {
    world.sandbox.faults.add({ on: 'call', path: '/composite', effect: 'drop-after' });
    const lost = await create(cases(3));
    expect(lost.map(({ outcome }) => outcome)).toEqual(['uncertain', 'uncertain', 'uncertain']);
    const [made] = world.sandbox.human.find("SELECT Id FROM Case WHERE Subject = 'case 1'");
    world.sandbox.human.editCase(String(made?.Id), { Subject: 'edited' });

    const outcomes = await create(cases(4));

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['settled', 'settled', 'settled', 'settled']);
    expect(outcomes[1]).toMatchObject({
      externalId: made?.Id,
      observation: { fields: { subject: 'edited' } },
    });
    expect(subjects().sort()).toEqual(['case 0', 'case 2', 'case 3', 'edited']);
  });

  it.each([
    ['throttle', 'refused'],
    ['fail', 'refused'],
    ['login-page', 'uncertain'],
  ] as const)('takes a whole call that meets %s for %s, all of it', async (effect, expected) => {
    world.sandbox.faults.add({ on: 'call', path: '/composite', effect });

    const outcomes = await create(cases(2));

    expect(outcomes.map(({ outcome }) => outcome)).toEqual([expected, expected]);
  });

  it('takes what was saved for uncertain where only the reading back fails, and finds it the next time', async () => {
    const { ticket } = standard.kinds;
    const gone: FieldRule = { field: 'custom.gone', vendorField: 'Gone__c', direction: 'in' };
    const mapping = {
      ...standard,
      kinds: { ...standard.kinds, ticket: { ...ticket, rules: [...(ticket?.rules ?? []), gone] } },
    };
    const reading = adapter.open(
      { ...world.opening, connection: { ...world.connection, mapping } },
      world.grant,
    );
    const unread = await reading.together!.create(cases(2));
    expect(unread.map(({ outcome }) => outcome)).toEqual(['uncertain', 'uncertain']);

    const outcomes = await create(cases(2));

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['settled', 'settled']);
    expect(subjects()).toEqual(['case 0', 'case 1']);
  });

  it('looks for 200 contacts in one call: of several with one address the oldest, whatever its letters', async () => {
    const emails = Array.from({ length: 200 }, (_, at) => `person${at}@example.com`);
    const old = world.sandbox.human.create('Contact', { LastName: 'Old', Email: 'Person7@Example.com' });
    world.clock.nowMs += 1_000;
    world.sandbox.human.create('Contact', { LastName: 'New', Email: 'person7@example.com' });
    const before = world.usages.at(-1)?.used ?? 0;

    const found = await world.integration.together!.match('contact', [
      {},
      ...emails.map((email) => ({ email })),
    ]);

    expect((world.usages.at(-1)?.used ?? 0) - before).toBeLessThanOrEqual(1);
    expect(found).toHaveLength(201);
    expect(found.filter((each) => each !== undefined)).toMatchObject([{ externalId: old.id }]);
    expect(found[8]?.externalId).toBe(old.id);
  });
});

describe('Salesforce, many comments at once', () => {
  const inCase =
    (id: string) =>
    (count: number, from = 0) =>
      Array.from({ length: count }, (_, at) => {
        const record = `root.${String(from + at).padStart(3, '0')}` as RecordId;
        return note(id, `${from + at}`, 'public', record) as Creation;
      });
  const make = (changes: readonly Creation[]) => world.integration.together!.create(changes);
  const bodies = () =>
    world.sandbox.human
      .find('SELECT CommentBody FROM CaseComment WHERE IsDeleted = false')
      .map(({ CommentBody }) => CommentBody);
  const keys = () => world.sandbox.human.find('SELECT Key__c FROM Deskbridge_Comment_Link__c');
  const callsOf = async <Result>(work: () => Promise<Result>) => {
    const before = world.sandbox.apiUsed;
    const result = await work();
    return { result, calls: world.sandbox.apiUsed - before };
  };
  let said: ReturnType<typeof inCase>;
  beforeEach(() => {
    said = inCase(world.sandbox.human.createCase({ subject: 'talk' }).id);
  });

  it('makes 200 in one call, each with its key, read back with its record', async () => {
    const { result, calls } = await callsOf(() => make(said(200)));

    expect(calls).toBe(1);
    expect(result).toMatchObject(
      said(200).map(({ record, fields }) => ({
        outcome: 'settled',
        observation: { marker: record, authorship: 'hub', fields },
      })),
    );
    expect(keys()).toHaveLength(200);
  });

  it('refuses those at fault, each for its own reason, and makes the others together', async () => {
    const deleted = world.sandbox.human.createCase({ subject: 'gone' }).id;
    world.sandbox.human.remove(deleted);
    const orphans = inCase(deleted)(2, 900);
    await make(said(1));

    const { result, calls } = await callsOf(() =>
      make([said(1)[0]!, orphans[0]!, ...said(20, 20), orphans[1]!]),
    );

    // Comments first, then their keys; the one made before is looked for with its key.
    expect(calls).toBe(5);
    expect(result.map(({ outcome }) => outcome)).toEqual([
      'settled',
      'refused',
      ...said(20).map(() => 'settled'),
      'refused',
    ]);
    expect(result[1]).toMatchObject({ why: 'gone' });
    expect(bodies()).toHaveLength(21);
    expect(keys()).toHaveLength(21);
  });

  it('finds all of a call whose answer was lost, edited and deleted ones too, and makes none again', async () => {
    world.sandbox.faults.add({ on: 'call', path: '/composite', effect: 'drop-after' });
    const lost = await make(said(30));
    expect(new Set(lost.map(({ outcome }) => outcome))).toEqual(new Set(['uncertain']));
    const [first, second] = world.sandbox.human.find('SELECT Id FROM CaseComment ORDER BY Id');
    world.sandbox.human.edit(String(first?.Id), { CommentBody: 'edited' });
    world.sandbox.human.remove(String(second?.Id));

    const { result, calls } = await callsOf(() => make(said(31)));

    expect(calls).toBe(4);
    expect(new Set(result.map(({ outcome }) => outcome))).toEqual(new Set(['settled']));
    expect(result[0]).toMatchObject({ externalId: first?.Id, observation: { fields: { body: 'edited' } } });
    expect(result[1]).toMatchObject({ externalId: second?.Id });
    expect(result[1]).not.toHaveProperty('observation');
    expect(bodies()).toHaveLength(30);
    expect(keys()).toHaveLength(31);
  });

  it.each([
    ['throttle', 'refused'],
    ['fail', 'refused'],
    ['login-page', 'uncertain'],
  ] as const)('takes a whole call that meets %s for %s, all of it', async (effect, expected) => {
    world.sandbox.faults.add({ on: 'call', path: '/composite', effect });

    const outcomes = await make(said(2));

    expect(outcomes.map(({ outcome }) => outcome)).toEqual([expected, expected]);
  });
});
