import { RECORD_KINDS, type RecordKind } from '../domain/record.ts';
import type { KindCapability } from '../ports/manifest.ts';
import type { MappingDocument, MappingFault } from '../ports/mapping-document.ts';

type Kinds = Readonly<Partial<Record<RecordKind, KindCapability>>>;

/** Of which kinds of a vendor's objects a connection may say what a deletion means. */
export const kindsToldDeleted = (kinds: Kinds): readonly RecordKind[] =>
  RECORD_KINDS.filter((kind) => kinds[kind]?.tellsDeletions === true);

/** What a document chooses for what its vendor has not, or does not tell; each under its path. */
export function policyFaults(
  { conflicts = {}, deletions = {} }: Pick<MappingDocument, 'conflicts' | 'deletions'>,
  kinds: Kinds,
): readonly MappingFault[] {
  const told = kindsToldDeleted(kinds);
  return [
    ...kindsIn(conflicts).flatMap((kind) => missing(kinds, kind, 'conflicts')),
    ...kindsIn(deletions).flatMap((kind) => {
      const absent = missing(kinds, kind, 'deletions');
      if (absent.length > 0 || told.includes(kind)) return absent;
      const message = `this vendor does not tell that a ${kind} was deleted`;
      return [{ pointer: `/deletions/${kind}`, code: 'never_told' as const, message }];
    }),
  ];
}

const kindsIn = (policies: Partial<Record<RecordKind, unknown>>) => Object.keys(policies) as RecordKind[];

const missing = (kinds: Kinds, kind: RecordKind, part: string): readonly MappingFault[] =>
  kinds[kind] !== undefined
    ? []
    : [{ pointer: `/${part}/${kind}`, code: 'unknown_kind', message: `there is no ${kind} at this vendor` }];
