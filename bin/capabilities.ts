import { readFileSync, writeFileSync } from 'node:fs';
import { catalog } from '../functions/catalog.ts';
import type { RecordKind } from '../shared/domain/index.ts';
import type { CreationCapability, KindCapability, Manifest } from '../shared/ports/index.ts';

const README = new URL('../README.md', import.meta.url);
const MARKED = /(<!-- capabilities:begin -->\n)[\s\S]*?(<!-- capabilities:end -->)/;

const HEADER = [
  '| integration | hub record → there | a copy is made | fields the hub writes | deleted by the hub |',
  '| --- | --- | --- | --- | --- |',
];

/** What the manifests declare, as the README shows it. */
export function capabilityTable(manifests: readonly Manifest[]): string {
  const rows = manifests.flatMap((manifest) =>
    kindsOf(manifest).map(([kind, capability], index) =>
      row(index === 0 ? manifest : undefined, kind, capability),
    ),
  );
  return [...HEADER, ...rows, '', ...manifests.flatMap(notes), ''].join('\n');
}

/** @throws when the markers are not there. */
export function withCapabilities(readme: string, manifests: readonly Manifest[]): string {
  if (!MARKED.test(readme)) {
    throw new TypeError('no capability markers in README.md, expected <!-- capabilities:begin --> and :end');
  }
  return readme.replace(
    MARKED,
    (_, begin: string, end: string) => `${begin}${capabilityTable(manifests)}${end}`,
  );
}

const kindsOf = ({ kinds }: Manifest) => Object.entries(kinds) as [RecordKind, KindCapability][];

function row(first: Manifest | undefined, kind: RecordKind, capability: KindCapability): string {
  const cells = [
    first ? `**${first.name}** ${first.version}` : '',
    `${kind} → ${capability.vendorName}`,
    creation(capability.creation),
    written(capability),
    { always: 'yes', own: 'its own', never: 'never' }[capability.canDelete],
  ];
  return `| ${cells.join(' | ')} |`;
}

function creation(capability: CreationCapability | undefined): string {
  switch (capability?.by) {
    case undefined:
      return 'never';
    case 'unique':
      return 'once, by a unique key';
    case 'find':
      return `once, found by its marker within ${capability.searchLagMs / 1_000} s`;
    case 'none':
      return 'once, a doubtful one parks and asks';
  }
}

function written({ fields }: KindCapability): string {
  const named = Object.entries(fields)
    .filter(([, { writable }]) => writable !== 'never')
    .map(([name, { writable }]) => (writable === 'own' ? `${name} (own copies)` : name));
  return named.join(', ') || 'none';
}

/** Each gap is a sentence of its own in the manifest. */
function notes(manifest: Manifest): string[] {
  const abilities = [...manifest.capabilities, ...arrivals(manifest)].join(', ');
  const gaps = kindsOf(manifest).flatMap(([, capability]) =>
    (capability.gaps ?? []).map((gap) => `  - known gap, ${capability.vendorName}: ${gap}`),
  );
  return [`- **${manifest.name}**: ${abilities}; signs in by ${manifest.auth.join(' or ')}.`, ...gaps];
}

function arrivals({ webhook, partnerEvents, poll }: Manifest): string[] {
  return [
    ...(webhook ? [`webhook up to ${Math.round(webhook.maxBodyBytes / 1_024)} KB`] : []),
    ...(partnerEvents ? ['partner event bus'] : []),
    ...(poll ? [`delta sync at ${poll.schedule}`] : []),
  ];
}

if (import.meta.main) {
  const readme = readFileSync(README, 'utf8');
  if (process.argv.includes('--write')) writeFileSync(README, withCapabilities(readme, catalog));
  else console.log(capabilityTable(catalog));
}
