import type { MappedKind } from '../domain/record.ts';
import type { FieldRule, MappingDocument } from '../ports/mapping-document.ts';
import { ruleFor, rulesOf } from './rules.ts';

/** A pair the current document has not, or has not in a direction this one needs a base for. */
export function isNewPair(rule: FieldRule, current: MappingDocument, kind: MappedKind): boolean {
  const known = ruleFor(current, kind, rule.field);
  if (known?.vendorField !== rule.vendorField) return true;
  return known.direction !== 'both' && known.direction !== rule.direction;
}

/** All that says what a value means. */
const wordsOf = ({ values = [], transforms = [] }: FieldRule): string => JSON.stringify([values, transforms]);

/** The document that follows the current one: what is paired anew, or means something else, says so. */
export function nextDocument(
  wanted: Omit<MappingDocument, 'version'>,
  current: MappingDocument,
): MappingDocument {
  const version = current.version + 1;
  const kinds = (Object.keys(wanted.kinds) as MappedKind[]).map((kind) => {
    const rules = rulesOf({ version, ...wanted }, kind).map(
      ({ since: _since, reworded: _reworded, ...rule }): FieldRule => {
        if (isNewPair(rule, current, kind)) return { ...rule, since: version };
        const { since, reworded = 0, ...known } = ruleFor(current, kind, rule.field)!;
        const last = wordsOf(rule) === wordsOf(known) ? reworded : version;
        return {
          ...rule,
          ...(since === undefined ? {} : { since }),
          ...(last === 0 ? {} : { reworded: last }),
        };
      },
    );
    return [kind, { rules }] as const;
  });
  return { ...wanted, version, kinds: Object.fromEntries(kinds) };
}
