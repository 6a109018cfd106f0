import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { catalog } from '../../../functions/catalog.ts';
import { integrations, mappings, registry } from '../../../functions/mappings.ts';
import { createRegistry, type Registered } from '../../../shared/config/index.ts';
import type { Manifest, Mapping } from '../../../shared/ports/index.ts';

const [slack, salesforce] = catalog.map(
  (manifest): Registered => ({
    manifest,
    mapping: mappings[manifest.id] as Mapping,
  }),
) as [Registered, Registered];
const changed = (change: Partial<Manifest>): Registered => ({
  ...slack,
  manifest: { ...slack.manifest, ...change },
});

describe('a registry of integrations', () => {
  it('registers, looks up, lists and deregisters', () => {
    const own = createRegistry([slack]);
    own.register(salesforce);

    expect(own.lookup('salesforce')).toBe(salesforce);
    expect(own.list().map(({ manifest }) => manifest.id)).toEqual(['slack', 'salesforce']);
    expect(own.deregister('slack')).toBe(true);
    expect(own.deregister('slack')).toBe(false);
    expect(own.lookup('slack')).toBeUndefined();
    expect(own.list()).toEqual([salesforce]);
  });

  it('takes an integration again once it was deregistered', () => {
    const own = createRegistry([slack]);
    own.deregister('slack');

    own.register(slack);

    expect(own.lookup('slack')).toBe(slack);
  });

  it.each([
    ['an id that is taken', slack, 'twice'],
    ['an id that is no name', changed({ id: 'Slack!' }), 'lower-case'],
    ['a version that is none', changed({ id: 'a', version: 'latest' }), '1.2.3'],
    ['no kind of record', changed({ id: 'a', kinds: {} }), 'kind of record'],
    ['no capability', changed({ id: 'a', capabilities: [] }), 'capabilities'],
    ['a capability twice', changed({ id: 'a', capabilities: ['x', 'x'] }), 'capability twice'],
    ['settings that are no object', changed({ id: 'a', settingsSchema: {} }), 'settings schema'],
    [
      'a webhook nobody verifies',
      changed({ id: 'a', webhook: { methods: ['POST'], maxBodyBytes: 1, verifier: '' } }),
      'verifier',
    ],
    ['no mapping', { ...changed({ id: 'a' }), mapping: undefined as unknown as Mapping }, 'mapping'],
  ])('refuses %s', (_, integration, why) => {
    const own = createRegistry([slack]);

    expect(() => own.register(integration)).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringContaining(why) }),
    );
    expect(own.list()).toEqual([slack]);
  });

  it('holds the whole catalog, and answers the engine', () => {
    expect(registry.list().map(({ manifest }) => manifest)).toEqual(catalog);
    expect(integrations('slack')).toEqual(slack);
    expect(integrations('fax')).toBeUndefined();
  });

  it.each(catalog.map(({ id, settingsSchema }) => [id, settingsSchema] as const))(
    'holds for %s a settings schema of JSON Schema 2020-12 that knows its own settings and asks for none',
    (_, schema) => {
      const takes = new Ajv2020({ strict: true, formats: { uri: true } }).compile(schema);

      expect(takes({})).toBe(true);
      expect(takes({ 'a setting nobody knows': 1 })).toBe(false);
    },
  );
});
