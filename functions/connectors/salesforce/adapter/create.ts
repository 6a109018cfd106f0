import { type ExternalId, hasIdentity, type RecordKind } from '../../../../shared/domain/index.ts';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { RemoteChange, WriteOutcome } from '../../../../shared/ports/index.ts';
import { madeBy, type SoqlObject, textIs } from '../client/soql.ts';
import { answered, querySubpath, type Subrequest } from '../client.ts';
import { outcomeOf, SalesforceRefusedError } from '../errors.ts';
import { canonicalId } from '../ids.ts';
import { salesforceWire } from '../wire.ts';
import { vendorFields } from './fields.ts';
import { MARK, OBJECTS, rowsOf, type Session, settled } from './session.ts';

type Creation = Extract<RemoteChange, { operation: 'create' }>;
type RootCreation = Exclude<Creation, { kind: 'comment' }>;

/** What looks like another one is still a new one: the hub has looked for it before. */
export const SAVE_LOOKALIKES = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' };

/**
 * Inserted with the hub's mark, which the org keeps unique. Not upserted: where an earlier answer was lost,
 * an upsert would write the old values over whatever an agent has done to the case since.
 */
export async function createRoot(session: Session, change: RootCreation): Promise<WriteOutcome> {
  const object = OBJECTS[change.kind];
  const insertion: Subrequest = {
    ...post(object, 'made', rowOf(session, change)),
    ...(hasIdentity(change.kind) ? { headers: SAVE_LOOKALIKES } : {}),
  };
  try {
    const answers = await session.client.together([insertion, readBack(session, change.kind)]);
    const [row] = rowsOf(answers.get('row'));
    const observation = row === undefined ? undefined : session.observation(change.kind, row, new Map());
    return settled(savedId(answers.get('made')), observation);
  } catch (failure) {
    if (!isDuplicate(failure)) return outcomeOf(failure);
    return await madeBefore(session, change, failure);
  }
}

export const rowOf = (session: Session, { kind, fields, record }: RootCreation) => ({
  ...vendorFields(kind, fields, session.context.mapping),
  [MARK]: record,
});

async function madeBefore(session: Session, change: RootCreation, failure: unknown): Promise<WriteOutcome> {
  const object = OBJECTS[change.kind];
  const { records } = await session.client.queryAll(
    session.select(change.kind, { where: textIs(MARK, change.record) }),
  );
  const found = await session.observed(change.kind, records);
  const [observation, ...others] = found.filter(({ life }) => life !== 'deleted');
  if (others.length > 0) return several(object);
  return observation === undefined ? outcomeOf(failure) : settled(observation.externalId, observation);
}

export const post = (
  object: SoqlObject,
  referenceId: string,
  body: Subrequest['body'] & object,
): Subrequest => ({
  method: 'POST',
  path: `/sobjects/${object}`,
  referenceId,
  body,
});

export const readBack = (session: Session, kind: RecordKind): Subrequest => ({
  method: 'GET',
  path: querySubpath(session.select(kind, { where: madeBy('made') })),
  referenceId: 'row',
});

export function savedId(body: unknown): ExternalId {
  const id = canonicalId(answered(salesforceWire.saved, body).id);
  if (id === undefined) throw new ProviderUnavailableError('salesforce named no id for what it saved');
  return id;
}

export const isDuplicate = (failure: unknown): boolean =>
  failure instanceof SalesforceRefusedError && failure.refusal.errorCode === 'DUPLICATE_VALUE';

/** The package keeps both keys unique; an org that holds one twice has been tampered with. */
export function several(object: string): WriteOutcome {
  const error = new ProviderRejectedError(`several rows of ${object} carry one key of the hub`, {
    vendorCode: 'MULTIPLE_CHOICES',
  });
  return { outcome: 'refused', why: 'rejected', error };
}
