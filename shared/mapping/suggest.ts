import type { MappedKind } from '../domain/record.ts';
import type {
  CustomField,
  FieldDescription,
  FieldRule,
  MappingDocument,
  Transform,
} from '../ports/mapping-document.ts';
import { CUSTOM, rulesOf } from './rules.ts';
import { isDemanded } from './validate.ts';

/**
 * A document to begin with: what is mapped already, and a field of the hub for each of the organization's own fields
 * there, and for what the vendor demands. Whatever stands there is where they start from.
 */
export function suggested(
  current: MappingDocument,
  descriptions: Readonly<Partial<Record<MappedKind, readonly FieldDescription[]>>>,
): MappingDocument {
  const custom: Record<string, CustomField> = { ...current.custom };
  const kinds = (Object.keys(current.kinds) as MappedKind[]).map((kind) => {
    const known = rulesOf(current, kind);
    const taken = new Set(known.map(({ vendorField }) => vendorField));
    const fresh = (descriptions[kind] ?? []).filter(
      (field) => !taken.has(field.name) && (field.isCustom === true || isDemanded(field)) && canCarry(field),
    );
    const rules = fresh.map((field) => ruleOf(field, freeName(field.name, custom)));
    rules.forEach(({ field: name }, index) => {
      custom[name.slice(CUSTOM.length)] = customOf(fresh[index]!);
    });
    return [kind, { rules: [...known, ...rules] }] as const;
  });
  return { ...current, custom, kinds: Object.fromEntries(kinds) };
}

const canCarry = ({ type }: FieldDescription): boolean => type !== 'other' && type !== 'reference';

const customOf = ({ type, label }: FieldDescription): CustomField => ({
  type: type === 'number' || type === 'boolean' || type === 'date' ? type : 'text',
  ...(label === undefined ? {} : { label }),
});

/** `Product_Area__c` is `product_area`; a name that is taken gets a number. */
function freeName(vendorName: string, custom: Readonly<Record<string, unknown>>): string {
  const name = slug(vendorName.replace(/__c$/i, '')).replace(/^[^a-z]+/, '') || 'field';
  let free = name;
  for (let nth = 2; free in custom; nth += 1) free = `${name}_${nth}`;
  return free;
}

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 40);

function ruleOf(field: FieldDescription, name: string): FieldRule {
  const { type, length, values = [], isCreateable, isUpdateable } = field;
  const transforms: readonly Transform[] =
    type === 'text'
      ? length === undefined
        ? []
        : [{ use: 'truncate', length }]
      : type === 'picklist'
        ? []
        : [{ use: type as 'number' | 'boolean' | 'date' }];
  return {
    field: `${CUSTOM}${name}`,
    vendorField: field.name,
    direction: isCreateable && isUpdateable ? 'both' : 'in',
    first: 'vendor',
    ...(type === 'picklist' && values.length > 0 ? { values: wordsOf(values) } : {}),
    ...(transforms.length > 0 ? { transforms } : {}),
  };
}

/** Words that would be one and the same here keep the vendor's own spelling. */
function wordsOf(values: readonly string[]): NonNullable<FieldRule['values']> {
  const slugs = values.map(slug);
  return values.map((word, index) => {
    const short = slugs[index] ?? '';
    const isOwn = short !== '' && slugs.filter((each) => each === short).length === 1;
    return { hub: isOwn ? short : word, vendor: [word] };
  });
}
