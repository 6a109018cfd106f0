import type { MappedKind } from '../../../../shared/domain/index.ts';
import type { FieldDescription } from '../../../../shared/ports/index.ts';
import { answered } from '../client.ts';
import { type SalesforceField, salesforceWire } from '../wire.ts';
import { translated } from './read.ts';
import { MARK, OBJECTS, type Session } from './session.ts';

/** By the vendor's names for them: https://developer.salesforce.com/docs/atlas.en-us.api.meta/api/field_types.htm */
const TYPES: Readonly<Record<string, FieldDescription['type']>> = {
  string: 'text',
  textarea: 'text',
  email: 'text',
  phone: 'text',
  url: 'text',
  encryptedstring: 'text',
  combobox: 'text',
  multipicklist: 'text',
  picklist: 'picklist',
  double: 'number',
  int: 'number',
  currency: 'number',
  percent: 'number',
  boolean: 'boolean',
  date: 'date',
  reference: 'reference',
};
/** What `mapping/text.ts` brings into form. */
const FITTED = new Set(['Subject', 'Description', 'Name', 'Email', 'Phone', 'Website']);
/** Written as parts of the one name. */
const NAME_PARTS = new Set(['FirstName', 'LastName', 'MiddleName', 'Salutation', 'Suffix']);

export const describe = (session: Session, kind: MappedKind): Promise<readonly FieldDescription[]> =>
  translated(async () => {
    const body = await session.client.at(`/sobjects/${OBJECTS[kind]}/describe`);
    const { fields } = answered(salesforceWire.description, body);
    const isOurs = ({ name }: SalesforceField) =>
      name === MARK || (kind === 'contact' && NAME_PARTS.has(name));
    const family = fields.find(({ name }) => name === 'LastName');
    return fields
      .filter((field) => !isOurs(field))
      .map((field) =>
        kind === 'contact' && field.name === 'Name' && family !== undefined
          ? described({ ...field, createable: family.createable, updateable: family.updateable })
          : described(field),
      );
  });

function described(field: SalesforceField): FieldDescription {
  const {
    name,
    label,
    type,
    length = 0,
    custom,
    createable,
    updateable,
    nillable,
    defaultedOnCreate,
  } = field;
  const values = (field.picklistValues ?? []).filter(({ active }) => active !== false);
  return {
    name,
    ...(typeof label === 'string' ? { label } : {}),
    type: TYPES[type] ?? 'other',
    ...(length > 0 ? { length } : {}),
    ...(type === 'picklist' ? { values: values.map(({ value }) => value) } : {}),
    ...(field.restrictedPicklist === true ? { isRestricted: true } : {}),
    isCreateable: createable,
    isUpdateable: updateable,
    isNillable: nillable,
    isDefaulted: defaultedOnCreate,
    ...(custom === true ? { isCustom: true } : {}),
    ...(FITTED.has(name) ? { isFitted: true } : {}),
  };
}
