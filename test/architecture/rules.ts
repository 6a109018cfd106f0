import { catalog } from '../../functions/catalog.ts';
import { allFunctions, integrationFolder } from '../../lib/functions.ts';
import type { Import } from './sources.ts';

const entries = allFunctions().map(({ entry }) => entry);
const integrations = catalog.map(integrationFolder);
const APP = 'functions/platform/console/app/';

const within = (folder: string) => (path: string) => path.startsWith(folder);
const integrationOf = (path: string) => integrations.find((folder) => path.startsWith(`${folder}/`));
const sharedFolderOf = (path: string) => /^shared\/(?!adapters\/)[^/]+\//.exec(path)?.[0];

const isPure = (path: string) => /^shared\/(domain|ports)\//.test(path) || path === 'shared/errors.ts';
/** The lists of the parts of all integrations: the only way from the platform to a provider. */
const isList = (path: string) => /^functions\/[^/]+\.ts$/.test(path);
const isShared = (path: string) => path.startsWith('shared/') && !path.startsWith('shared/adapters/');

/** Where a file stands, and which of our files that place may import: STYLE, Dependency direction. */
interface Place {
  readonly name: string;
  readonly holds: (path: string) => boolean;
  readonly mayImport: (to: string, each: Import) => boolean;
}

/** The first place that holds a file is its own. */
const PLACES: readonly Place[] = [
  { name: 'errors', holds: (path) => path === 'shared/errors.ts', mayImport: () => false },
  { name: 'domain', holds: within('shared/domain/'), mayImport: within('shared/domain/') },
  { name: 'ports', holds: within('shared/ports/'), mayImport: isPure },
  {
    name: 'AWS adapters',
    holds: within('shared/adapters/aws/'),
    mayImport: (to) => isPure(to) || to.startsWith('shared/adapters/aws/') || isIndex(to),
  },
  {
    name: 'a shared folder',
    holds: within('shared/'),
    mayImport: (to, { from }) =>
      isPure(to) ||
      isIndex(to) ||
      (sharedFolderOf(to) !== undefined && sharedFolderOf(to) === sharedFolderOf(from)),
  },
  {
    name: 'the catalog',
    holds: (path) => path === 'functions/catalog.ts',
    mayImport: (to) => to.endsWith('/manifest.ts') || isPure(to),
  },
  {
    name: 'a list of the parts of all integrations',
    holds: isList,
    mayImport: (to) =>
      to === 'functions/catalog.ts' || integrationOf(to) !== undefined || isPure(to) || isIndex(to),
  },
  { name: 'the console app', holds: within(APP), mayImport: within(APP) },
  {
    name: 'a Lambda entry',
    holds: (path) => entries.includes(path),
    mayImport: (to, { from }) => to.startsWith('shared/') || to.startsWith(ownFolder(from)) || isList(to),
  },
  {
    name: 'an integration',
    holds: (path) => integrationOf(path) !== undefined,
    mayImport: (to, { from }) => isShared(to) || integrationOf(to) === integrationOf(from),
  },
  {
    name: 'a platform part',
    holds: within('functions/platform/'),
    mayImport: (to, { from }) =>
      isShared(to) || isList(to) || (to.startsWith(ownFolder(from)) && !to.startsWith(APP)),
  },
  {
    name: 'lib',
    holds: within('lib/'),
    mayImport: (to, { isType }) =>
      to.startsWith('lib/') ||
      to === 'functions/catalog.ts' ||
      to === 'functions/platform/api/desk-paths.ts' ||
      to === 'shared/telemetry/names.ts' ||
      // Settings are checked once, where a stage states them, by the schema functions read them with.
      to === 'shared/config/index.ts' ||
      (isType && isPure(to)),
  },
  {
    name: 'bin/local',
    holds: within('bin/local'),
    mayImport: (to) => !to.startsWith('test/') || to.startsWith('test/sandboxes/'),
  },
  { name: 'bin', holds: within('bin/'), mayImport: (to) => !to.startsWith('test/') },
  {
    name: 'a sandbox',
    holds: within('test/sandboxes/'),
    mayImport: (to) => to.startsWith('test/sandboxes/'),
  },
  { name: 'a test', holds: within('test/'), mayImport: () => true },
];

function isIndex(path: string): boolean {
  return /^shared\/[^/]+\/index\.ts$/.test(path);
}

const ownFolder = (path: string): string => path.split('/').slice(0, 3).join('/');

const PACKAGES: readonly {
  readonly package: RegExp;
  readonly only: RegExp;
  readonly because: string;
}[] = [
  {
    package: /^@aws-sdk\//,
    only: /^(shared\/adapters\/aws|bin\/local|test)\//,
    because: 'the ports are what the hub knows of AWS',
  },
  {
    package: /^(aws-cdk-lib|constructs|cdk-nag)$/,
    only: /^(lib|bin\/hub\.ts|test\/lib)/,
    because: 'runtime code carries no infrastructure',
  },
  {
    package: /^jsforce$/,
    only: /^(functions\/connectors\/salesforce|test)\//,
    because: 'a vendor is known in its own folder only',
  },
  {
    package: /^@slack\//,
    only: /^(functions\/channels\/slack|test)\//,
    because: 'a vendor is known in its own folder only',
  },
  {
    package: /^(preact|uplot)$/,
    only: /^(functions\/platform\/console\/app|test)\//,
    because: 'there is no markup elsewhere',
  },
];

/** Why an import may not be, in a sentence; undefined when it may. */
export function objection(each: Import): string | undefined {
  const { from, to, isOurs } = each;
  if (!isOurs) {
    const broken = PACKAGES.find((rule) => rule.package.test(to) && !rule.only.test(from));
    return broken && `${from} imports ${to}: ${broken.because}`;
  }
  const place = PLACES.find(({ holds }) => holds(from));
  if (place === undefined) return `${from} stands in no place the dependency table knows`;
  return place.mayImport(to, each) ? undefined : `${from} imports ${to}: not for ${place.name}`;
}

/** Folders or files that import each other, as one path that ends where it began. */
export function cycleIn(edges: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] | undefined {
  const done = new Set<string>();
  const visit = (node: string, trail: readonly string[]): readonly string[] | undefined => {
    const at = trail.indexOf(node);
    if (at >= 0) return [...trail.slice(at), node];
    if (done.has(node)) return undefined;
    for (const next of edges.get(node) ?? []) {
      const found = visit(next, [...trail, node]);
      if (found) return found;
    }
    done.add(node);
    return undefined;
  };
  for (const node of edges.keys()) {
    const found = visit(node, []);
    if (found) return found;
  }
  return undefined;
}

export function edgesOf(
  imports: readonly Import[],
  nodeOf: (path: string) => string | undefined,
): ReadonlyMap<string, ReadonlySet<string>> {
  const edges = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    const [source, target] = [nodeOf(from), nodeOf(to)];
    if (source === undefined || target === undefined || source === target) continue;
    edges.set(source, (edges.get(source) ?? new Set()).add(target));
  }
  return edges;
}
