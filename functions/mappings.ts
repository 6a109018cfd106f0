import { createRegistry, type Registry } from '../shared/config/index.ts';
import type { EngineDeps, Mapping } from '../shared/ports/index.ts';
import { catalog } from './catalog.ts';
import { mapping as slack } from './channels/slack/mapping.ts';
import { mapping as salesforce } from './connectors/salesforce/mapping.ts';

/** The only list of mappings: the sync function takes in and projects for every integration. */
export const mappings: Readonly<Record<string, Mapping>> = { slack, salesforce };

/** The catalog with its mappings; one without the other stops the start. */
export const registry: Registry = createRegistry(
  catalog.map((manifest) => ({ manifest, mapping: mappings[manifest.id] as Mapping })),
);

/** Manifest and mapping by integration; undefined for an id that is not registered. */
export const integrations: EngineDeps['integrations'] = registry.lookup;
