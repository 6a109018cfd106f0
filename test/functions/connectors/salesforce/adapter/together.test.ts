import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RecordId } from '../../../../../shared/domain/index.ts';
import type { Creation, RootCreation } from '../../../../../shared/ports/index.ts';
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

  it('makes twelve comments in one call, each with its key, or each by itself where one is refused', async () => {
    const { id } = world.sandbox.human.createCase({ subject: 'talk' });
    const said = (count: number, from = 0) =>
      Array.from({ length: count }, (_, at) => {
        const record = `root.${String(from + at).padStart(2, '0')}` as RecordId;
        return note(id, `${from + at}`, 'public', record) as Creation;
      });
    await world.integration.together!.create(said(1));
    const before = world.usages.at(-1)?.used ?? 0;

    const outcomes = await world.integration.together!.create(said(12, 1));

    expect((world.usages.at(-1)?.used ?? 0) - before).toBe(1);
    expect(outcomes).toMatchObject(
      said(12, 1).map(({ record, fields }) => ({
        outcome: 'settled',
        observation: { marker: record, fields },
      })),
    );
    const deleted = world.sandbox.human.createCase({ subject: 'gone' }).id;
    world.sandbox.human.remove(deleted);
    const orphan = note(deleted, 'to nobody', 'public', 'root.99' as RecordId) as Creation;
    // The first of these was made before.
    const mixed = await world.integration.together!.create([said(1)[0]!, orphan, ...said(2, 20)]);
    expect(mixed.map(({ outcome }) => outcome)).toEqual(['settled', 'refused', 'settled', 'settled']);
    expect(mixed[1]).toMatchObject({ why: 'gone' });
    expect(world.sandbox.human.find('SELECT Id FROM CaseComment')).toHaveLength(15);
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
