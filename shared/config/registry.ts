import { ConfigurationError } from '../errors.ts';
import type { Manifest, Mapping } from '../ports/index.ts';

/** One integration as the engine knows it: what it is, and how its words are understood. */
export interface Registered {
  readonly manifest: Manifest;
  readonly mapping: Mapping;
}

/** The integrations of one hub, by id. */
export interface Registry {
  /** @throws ConfigurationError for an id that is taken, and for a manifest that says nothing usable */
  register(integration: Registered): void;
  /** What is on its way for it is then filtered or parked, as for an id that never was. False: it was not there. */
  deregister(id: string): boolean;
  lookup(id: string): Registered | undefined;
  /** In the order they came. */
  list(): readonly Registered[];
}

export function createRegistry(integrations: readonly Registered[] = []): Registry {
  const known = new Map<string, Registered>();
  const registry: Registry = {
    register(integration) {
      const { manifest } = integration;
      const complaint = complaintOf(integration, known.has(manifest.id));
      if (complaint !== undefined) throw new ConfigurationError(`integration ${manifest.id}: ${complaint}`);
      known.set(manifest.id, integration);
    },
    deregister: (id) => known.delete(id),
    lookup: (id) => known.get(id),
    list: () => [...known.values()],
  };
  for (const integration of integrations) registry.register(integration);
  return registry;
}

/** An id is part of addresses, queue names and the names of secrets. */
const ID = /^[a-z][a-z0-9-]{0,31}$/;
const VERSION = /^\d+\.\d+\.\d+$/;

const CHECKS: readonly (readonly [(manifest: Manifest) => boolean, string])[] = [
  [({ id }) => ID.test(id), 'expected an id of lower-case letters, digits and hyphens'],
  [({ version }) => VERSION.test(version), 'expected a version as 1.2.3'],
  [({ kinds }) => Object.keys(kinds).length > 0, 'expected at least one kind of record'],
  [({ capabilities }) => capabilities.length > 0, 'expected its capabilities'],
  [
    ({ capabilities }) => new Set(capabilities).size === capabilities.length,
    'saw a capability twice, expected each once',
  ],
  [({ settingsSchema }) => settingsSchema.type === 'object', 'expected a settings schema of type object'],
  [({ webhook }) => webhook === undefined || webhook.verifier !== '', 'saw a webhook without a verifier'],
];

function complaintOf({ manifest, mapping }: Registered, isTaken: boolean): string | undefined {
  if (isTaken) return 'saw this id twice, expected it once';
  // A list that has lost its entry hands in nothing, whatever its type says.
  if (mapping === undefined) return 'saw no mapping, expected the one of its folder';
  return CHECKS.find(([holds]) => !holds(manifest))?.[1];
}
