import { describe, expect, it } from 'vitest';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { mappedBy } from '../../../shared/mapping/index.ts';
import type {
  Exports,
  Integration,
  MappingDocument,
  Observation,
  RootCreation,
  Together,
} from '../../../shared/ports/index.ts';

const document = (version: number): MappingDocument => ({ version, kinds: { ticket: { rules: [] } } });
const seen: Observation = {
  kind: 'ticket',
  externalId: 'case-1' as ExternalId,
  authorship: 'other',
  atMs: 1,
  fields: {},
  isComplete: true,
};

describe('an export begun under one mapping and read under another', () => {
  const asked: string[] = [];
  const exports: Exports = {
    begin: async () => 'job@1',
    state: async (name) => {
      asked.push(name);
      return { state: 'gone' };
    },
    page: async (name) => {
      asked.push(name);
      return { observations: [seen] };
    },
    discard: async () => {},
  };
  const under = (version: number) =>
    mappedBy(document(version), {
      check: async () => ({ state: 'healthy', account: 'a' }),
      exports,
    } satisfies Integration).exports!;

  it('says by which it was begun, and asks the vendor by its own name', async () => {
    const name = await under(2).begin('ticket');

    const { observations } = await under(3).page(name, 'ticket', { rows: 1 });
    await under(3).state(name);

    expect(observations).toEqual([{ ...seen, mapping: 2 }]);
    expect(asked.splice(0)).toEqual(['job@1', 'job@1']);
  });

  it('keeps the vendor’s name under an integration’s default', async () => {
    const name = await under(0).begin('ticket');

    expect(name).toBe('job@1');
    expect((await under(1).page(name, 'ticket', { rows: 1 })).observations).toEqual([seen]);
  });
});

describe('what is made and looked for together under a mapping', () => {
  const rules = [
    { field: 'subject', vendorField: 'Subject', direction: 'both' as const },
    { field: 'custom.area', vendorField: 'Area', direction: 'both' as const, since: 2 },
  ];
  const sent: unknown[] = [];
  const together: Together = {
    create: async (changes) => {
      sent.push(...changes.map(({ fields }) => fields));
      return changes.map(() => ({ outcome: 'settled', externalId: seen.externalId, observation: seen }));
    },
    match: async (_kind, all) => all.map((_, at) => (at === 0 ? seen : undefined)),
  };
  const under = (version: number) =>
    mappedBy({ version, kinds: { ticket: { rules } } }, {
      check: async () => ({ state: 'healthy', account: 'a' }),
      together,
    } satisfies Integration).together!;
  const creation = (mapping: number): RootCreation => ({
    kind: 'ticket',
    operation: 'create',
    record: 'r1' as RecordId,
    fields: { subject: 'Tent', 'custom.area': 'Poles' },
    mapping,
  });

  it('says of each by which document it was read', async () => {
    const outcomes = await under(2).create([creation(2)]);
    const matches = await under(2).match('ticket', [{}, {}]);

    expect(outcomes).toMatchObject([{ outcome: 'settled', observation: { ...seen, mapping: 2 } }]);
    expect(matches).toEqual([{ ...seen, mapping: 2 }, undefined]);
  });

  it('writes of each what both documents pair, and refuses alone what is of a later one', async () => {
    sent.splice(0);

    const outcomes = await under(2).create([creation(3), creation(1), creation(2)]);

    expect(sent).toEqual([{ subject: 'Tent' }, { subject: 'Tent', 'custom.area': 'Poles' }]);
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['refused', 'settled', 'settled']);
  });

  it('asks nothing where nothing can be written', async () => {
    sent.splice(0);

    expect(await under(2).create([creation(3)])).toMatchObject([{ outcome: 'refused', why: 'unavailable' }]);
    expect(sent).toEqual([]);
  });
});
