import type { MappedKind } from '../domain/record.ts';
import type { MappingDocument, MappingFault } from '../ports/mapping-document.ts';
import { rulesOf } from './rules.ts';

/** A document with the name of whose it is, for faults that more than one has part in. */
export interface Named {
  readonly name: string;
  readonly document: MappingDocument;
}

/** What a document must not be beside those of its organization's other connections. */
export function neighbourFaults(own: Named, others: readonly Named[]): readonly MappingFault[] {
  return [...customFaults(own, others), ...cycleFaults(own, others)];
}

/** A field of the organization's own is one thing, whoever carries it. */
function customFaults({ document }: Named, others: readonly Named[]): readonly MappingFault[] {
  return Object.entries(document.custom ?? {}).flatMap(([name, { type }]) => {
    const other = others.find(
      ({ document: { custom } }) => custom?.[name] !== undefined && custom[name].type !== type,
    );
    if (other === undefined) return [];
    const pointer = `/custom/${name}/type`;
    return [
      {
        pointer,
        code: 'custom_differs' as const,
        message: `${other.name} has it as ${other.document.custom?.[name]?.type}`,
      },
    ];
  });
}

/** Where a value goes: a rule's way, with the rule it comes from. */
interface Way {
  readonly from: string;
  readonly to: string;
  readonly rule: string;
  /** Of this document: where its fault is shown. */
  readonly pointer?: string;
}

/**
 * A value that comes back to where it started by other rules than it left by would chase itself for ever: from one
 * vendor field into the hub, out to another, and by way of another field back. A rule that goes both ways is none.
 */
function cycleFaults(own: Named, others: readonly Named[]): readonly MappingFault[] {
  const ways = [own, ...others].flatMap((named, at) => waysOf(named, at));
  const onwards = Map.groupBy(ways, ({ from }) => from);
  return ways
    .filter(({ pointer }) => pointer !== undefined)
    .flatMap((first) => {
      const path = pathBack(first, onwards);
      if (path === undefined) return [];
      const message = [first.from, ...path.map(({ to }) => to)].map(shown).join(' → ');
      return [{ pointer: first.pointer!, code: 'cycle' as const, message }];
    });
}

/** A vendor's field is one of its connection's and of its object's: neither need have a name of its own. */
const placeOf = (at: number, kind: MappedKind, { name }: Named, vendorField: string): string =>
  `${at}.${kind}\n${name}: ${vendorField}`;
const shown = (place: string): string => place.slice(place.indexOf('\n') + 1);

function waysOf(named: Named, at: number): Way[] {
  const { document } = named;
  return (Object.keys(document.kinds) as MappedKind[]).flatMap((kind) =>
    rulesOf(document, kind).flatMap(({ field, vendorField, direction }, index) => {
      const [hub, vendor] = [`${kind}.${field}`, placeOf(at, kind, named, vendorField)];
      const pointer = at === 0 ? { pointer: `/kinds/${kind}/rules/${index}` } : {};
      const rule = `${at}/${kind}/${index}`;
      return [
        ...(direction === 'in' ? [] : [{ from: hub, to: vendor, rule, ...pointer }]),
        ...(direction === 'out' ? [] : [{ from: vendor, to: hub, rule, ...pointer }]),
      ];
    }),
  );
}

/** The way round from a first step to where it began, each rule used once. */
function pathBack(first: Way, onwards: ReadonlyMap<string, readonly Way[]>): readonly Way[] | undefined {
  const waiting: (readonly Way[])[] = [[first]];
  const met = new Set([first.to]);
  for (let path = waiting.shift(); path !== undefined; path = waiting.shift()) {
    const last = path.at(-1)!;
    if (last.to === first.from) return path;
    for (const way of onwards.get(last.to) ?? []) {
      if (path.some(({ rule }) => rule === way.rule)) continue;
      if (met.has(way.to) && way.to !== first.from) continue;
      met.add(way.to);
      waiting.push([...path, way]);
    }
  }
  return undefined;
}
