import type { EngineDeps, Mapping } from '../shared/ports/index.ts';
import { catalog } from './catalog.ts';
import { mapping as slack } from './channels/slack/mapping.ts';
import { mapping as salesforce } from './connectors/salesforce/mapping.ts';

/** The only list of mappings: the sync function takes in and projects for every integration. */
export const mappings: Readonly<Record<string, Mapping>> = { slack, salesforce };

/** Manifest and mapping by integration; undefined for an id that is not in the catalog. */
export const integrations: EngineDeps['integrations'] = (id) => {
  const manifest = catalog.find((each) => each.id === id);
  const mapping = mappings[id];
  return manifest && mapping && { manifest, mapping };
};
