import { describe, expect, it } from 'vitest';
import { Opener } from '../../../shared/connections/index.ts';
import type { ExternalId, RecordId } from '../../../shared/domain/index.ts';
import { ReauthorizationRequiredError } from '../../../shared/errors.ts';
import type { Adapter, Integration, Together, WriteOutcome } from '../../../shared/ports/index.ts';
import { memoryPlatform } from '../../memory/platform.ts';
import { acme, ModelVendor, manifest, modelAdapter } from './model.ts';

type Creations = Parameters<Together['create']>[0];

const creations: Creations = ['r1', 'r2', 'r3'].map((record) => ({
  kind: 'ticket',
  operation: 'create',
  record: record as RecordId,
  fields: { subject: record },
}));

const made = (record: RecordId): WriteOutcome => ({
  outcome: 'settled',
  externalId: `x-${record}` as ExternalId,
});
const refused = (): WriteOutcome => ({
  outcome: 'refused',
  why: 'unauthorized',
  error: new ReauthorizationRequiredError('the token is refused'),
});

async function opened(create: Together['create']): Promise<Required<Pick<Integration, 'together'>>> {
  const platform = memoryPlatform({ pause: async () => {} });
  const adapter = modelAdapter(new ModelVendor());
  const over: Adapter = {
    ...adapter,
    open: (...given) => ({ ...adapter.open(...given), together: { create, match: async () => [] } }),
  };
  const opener = new Opener(platform);
  const request = { integration: 'model', name: 'Model', baseUrl: 'https://vendor.example', settings: {} };
  const connection = await opener.register.create(
    { ...request, organization: acme, state: { kind: 'active' } },
    'user:ann',
  );
  await platform.secretsWriter.put(connection.id, { signingSecret: 's' });
  const { integration } = await opener.open(connection, { manifest, adapter: over }, { priority: 'bulk' });
  return { together: integration.together! };
}

describe('live integration: several in one call', () => {
  it('sends again with a new grant what the old one has kept back, and nothing else', async () => {
    const sent: RecordId[][] = [];
    const { together } = await opened(async (changes) => {
      sent.push(changes.map(({ record }) => record));
      return changes.map(({ record }) => (sent.length === 1 && record === 'r2' ? refused() : made(record)));
    });

    const outcomes = await together.create(creations);

    expect(sent).toEqual([['r1', 'r2', 'r3'], ['r2']]);
    expect(outcomes).toEqual(creations.map(({ record }) => made(record)));
  });

  it('keeps what the vendor did, whatever the new grant is worth', async () => {
    const { together } = await opened(async (changes) =>
      changes.map(({ record }) => (record === 'r2' ? refused() : made(record))),
    );

    const outcomes = await together.create(creations);

    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['settled', 'refused', 'settled']);
  });

  it('takes no answer for another’s where there are fewer than questions', async () => {
    const { together } = await opened(async (changes) => changes.slice(1).map(({ record }) => made(record)));

    await expect(together.create(creations)).rejects.toMatchObject({ code: 'invariant' });
  });
});
