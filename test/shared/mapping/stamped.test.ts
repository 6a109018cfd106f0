import { describe, expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { mappedBy } from '../../../shared/mapping/index.ts';
import type { Exports, Integration, MappingDocument, Observation } from '../../../shared/ports/index.ts';

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
