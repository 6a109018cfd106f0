import type { RecordKind } from '../domain/record.ts';
import type { KindCapability } from '../ports/manifest.ts';
import type { MappingDocument, MappingFault } from '../ports/mapping-document.ts';

/** What a document chooses for what its vendor has not; each under its path. */
export function policyFaults(
  { conflicts = {} }: Pick<MappingDocument, 'conflicts'>,
  kinds: Readonly<Partial<Record<RecordKind, KindCapability>>>,
): readonly MappingFault[] {
  return (Object.keys(conflicts) as (keyof typeof conflicts)[])
    .filter((kind) => kinds[kind] === undefined)
    .map((kind) => ({
      pointer: `/conflicts/${kind}`,
      code: 'unknown_kind',
      message: `there is no ${kind} at this vendor`,
    }));
}
