import { catalog } from '../functions/catalog.ts';
import type { Manifest } from '../shared/ports/index.ts';

/** A Lambda function of the hub: its name everywhere (bundle folder, construct id) and its entry file. */
export interface FunctionEntry {
  readonly name: string;
  /** Relative to the project's root. */
  readonly entry: string;
}

export const integrationFolder = (manifest: Manifest): string => `functions/${manifest.kind}s/${manifest.id}`;

export interface IntegrationFunctions {
  readonly inbound?: FunctionEntry;
  readonly worker: FunctionEntry;
  readonly poll?: FunctionEntry;
  readonly backfill?: FunctionEntry;
  readonly files?: FunctionEntry;
}

/** By convention from the manifest's kind and id; what the manifest does not declare does not exist. */
export function functionsOf(manifest: Manifest): IntegrationFunctions {
  const of = (part: string): FunctionEntry => ({
    name: `${manifest.id}-${part}`,
    entry: `${integrationFolder(manifest)}/${part}.ts`,
  });
  const isReached = manifest.webhook !== undefined || manifest.partnerEvents !== undefined;
  return {
    ...(isReached && { inbound: of('inbound') }),
    worker: of('worker'),
    ...(manifest.poll && { poll: of('poll') }),
    ...(manifest.backfill && { backfill: of('backfill') }),
    ...(manifest.files && { files: of('files') }),
  };
}

const platform = (name: string, file: string): FunctionEntry => ({
  name: `platform-${name}`,
  entry: `functions/platform/${file}.ts`,
});

export const platformFunctions = {
  observe: platform('sync-observe', 'sync/observe'),
  sweep: platform('sync-sweep', 'sync/sweep'),
  deadLetters: platform('sync-dead-letters', 'sync/dead-letters'),
  api: platform('api', 'api/handler'),
  desk: platform('desk', 'api/desk-handler'),
  console: platform('console', 'console/handler'),
} as const satisfies Record<string, FunctionEntry>;

export const allFunctions = (manifests: readonly Manifest[] = catalog): readonly FunctionEntry[] => [
  ...manifests.flatMap((manifest) => Object.values(functionsOf(manifest)) as FunctionEntry[]),
  ...Object.values(platformFunctions),
];
