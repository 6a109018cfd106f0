import type { SoqlObject } from '../client/soql.ts';
import type { Subrequest } from '../client.ts';
import { SalesforceRefusedError } from '../errors.ts';
import type { SalesforceSavedRow as SavedRow } from '../wire.ts';

export type { SavedRow };

/**
 * Up to 200 rows of one object, as a part of a composite; each is answered for.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_create.htm
 */
export const insertion = (
  referenceId: string,
  type: SoqlObject,
  rows: readonly Readonly<Record<string, unknown>>[],
): Subrequest => ({
  method: 'POST',
  path: '/composite/sobjects',
  referenceId,
  body: { allOrNone: false, records: rows.map((row) => ({ attributes: { type }, ...row })) },
});

export function refusalOfRow({ errors }: SavedRow): SalesforceRefusedError | undefined {
  const [error] = errors ?? [];
  if (error === undefined) return undefined;
  return new SalesforceRefusedError({
    status: 400,
    errorCode: error.statusCode,
    message: error.message ?? '',
  });
}
