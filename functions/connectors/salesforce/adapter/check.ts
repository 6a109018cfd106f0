import { ProviderRejectedError, ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { Health } from '../../../../shared/ports/index.ts';
import { type SoqlObject, select } from '../client/soql.ts';
import { answered, querySubpath, type Subrequest } from '../client.ts';
import { hubError } from '../errors.ts';
import { canonicalId } from '../ids.ts';
import { salesforceWire } from '../wire.ts';
import { LINK, rowsOf, type Session } from './session.ts';

type Deed = 'create' | 'update' | 'delete';

/**
 * What the hub's user has to be allowed at the least. Whether it may edit and delete comments is no part of it:
 * orgs differ there, and without it the rest goes on (the manifest names the gap).
 */
const WORK: Readonly<Partial<Record<SoqlObject, readonly Deed[]>>> = {
  Case: ['create', 'update'],
  Account: ['create', 'update'],
  Contact: ['create', 'update'],
  CaseComment: ['create'],
  [LINK]: ['create', 'delete'],
  ContentVersion: ['create'],
};
const OBJECTS = Object.keys(WORK) as (keyof typeof WORK)[];
/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_composite.htm */
const QUERIES_A_CALL = 5;

/**
 * A session that answers is alive, and says whose it is. It is good for nothing where the package's fields and
 * object are not there for it, or its user may not do the hub's work. Two calls: one takes so many queries and no more.
 */
export async function check(session: Session): Promise<Health> {
  try {
    const readings = OBJECTS.map((object) => reading(object, `rows${object}`, session.columnsOf(object)));
    await session.client.together(readings.slice(0, QUERIES_A_CALL));
    const answers = await session.client.together([
      ...readings.slice(QUERIES_A_CALL),
      reading('Organization', 'organization'),
      ...OBJECTS.map(permissions),
    ]);
    const [row] = rowsOf(answers.get('organization'));
    const account = canonicalId(answered(salesforceWire.organizationRow, row).Id);
    if (account === undefined) throw new ProviderUnavailableError('salesforce named no organization');
    const missing = OBJECTS.flatMap((object) => missingFor(object, answers.get(`may${object}`)));
    return missing.length === 0
      ? { state: 'healthy', account }
      : { state: 'unhealthy', error: lacking(missing) };
  } catch (failure) {
    return { state: 'unhealthy', error: hubError(failure) };
  }
}

/** Every column the hub reads: one that is not there, or not shown to its user, fails the query. */
const reading = (object: SoqlObject, referenceId: string, fields: readonly string[] = []): Subrequest => ({
  method: 'GET',
  path: querySubpath(select(object, { fields, limit: 1 })),
  referenceId,
});

/** https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_sobject_basic_info_get.htm */
const permissions = (object: SoqlObject): Subrequest => ({
  method: 'GET',
  path: `/sobjects/${object}`,
  referenceId: `may${object}`,
});

function missingFor(object: keyof typeof WORK, body: unknown): string[] {
  const { objectDescribe } = answered(salesforceWire.objectInfo, body);
  const may: Record<Deed, boolean> = {
    create: objectDescribe.createable,
    update: objectDescribe.updateable,
    delete: objectDescribe.deletable,
  };
  return (WORK[object] ?? []).filter((deed) => !may[deed]).map((deed) => `${deed} ${object}`);
}

const lacking = (missing: readonly string[]) =>
  new ProviderRejectedError(`the hub’s user may not ${missing.join(', ')}: see its permission set`, {
    vendorCode: 'INSUFFICIENT_ACCESS_OR_READONLY',
  });
