import type { ExternalId, RecordId, RecordKind } from '../../../../shared/domain/index.ts';
import { ProviderRejectedError, ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { RemoteChange, WriteOutcome } from '../../../../shared/ports/index.ts';
import { idIs, madeBy, type SoqlObject, select, textIs } from '../client/soql.ts';
import { answered, querySubpath, type Subrequest } from '../client.ts';
import { outcomeOf, SalesforceRefusedError } from '../errors.ts';
import { canonicalId } from '../ids.ts';
import { salesforceWire } from '../wire.ts';
import { vendorFields } from './fields.ts';
import { LINK, linksIn, MARK, OBJECTS, rowsOf, type Session, settled } from './session.ts';

type Creation = Extract<RemoteChange, { operation: 'create' }>;
export type CommentCreation = Extract<Creation, { kind: 'comment' }>;
type RootCreation = Exclude<Creation, CommentCreation>;

/** A contact that looks like another one is still a new one: the hub has looked for its address before. */
export const SAVE_LOOKALIKES = { 'Sforce-Duplicate-Rule-Header': 'allowSave=true' };

/**
 * Inserted with the hub's mark, which the org keeps unique. Not upserted: where an earlier answer was lost,
 * an upsert would write the old values over whatever an agent has done to the case since.
 */
export async function createRoot(session: Session, change: RootCreation): Promise<WriteOutcome> {
  const object = OBJECTS[change.kind];
  const insertion: Subrequest = {
    ...post(object, 'made', rowOf(session, change)),
    ...(change.kind === 'contact' ? { headers: SAVE_LOOKALIKES } : {}),
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

/**
 * A comment takes no key of its own, so it is made in one transaction with a row that has one. Sent again, the
 * row refuses, and names the comment that was made.
 */
export async function createComment(session: Session, change: CommentCreation): Promise<WriteOutcome> {
  const { record } = change;
  try {
    const requests = [...commentParts(session, change, ''), readBack(session, 'comment')];
    const answers = await session.client.together(requests);
    const [row] = rowsOf(answers.get('row'));
    const id = savedId(answers.get('made'));
    const observation =
      row === undefined ? undefined : session.observation('comment', row, new Map([[id, record]]));
    return settled(id, observation);
  } catch (failure) {
    if (isDuplicate(failure)) return await commentMadeBefore(session, record, failure);
    return isParentGone(failure)
      ? { ...outcomeOf(failure), outcome: 'refused', why: 'gone' }
      : outcomeOf(failure);
  }
}

/** The comment and the row that has its key, under names that end alike. */
export function commentParts(session: Session, change: CommentCreation, suffix: string): Subrequest[] {
  const { record, rootExternalId, comment } = change;
  const body = {
    ...vendorFields('comment', change.fields, session.context.mapping),
    ParentId: rootExternalId,
    IsPublished: comment.visibility === 'public',
  };
  const link = { Key__c: record, Comment_Id__c: `@{made${suffix}.id}`, Case__c: rootExternalId };
  return [post(OBJECTS.comment, `made${suffix}`, body), post(LINK, `link${suffix}`, link)];
}

async function commentMadeBefore(
  session: Session,
  record: RecordId,
  failure: unknown,
): Promise<WriteOutcome> {
  const { records } = await session.client.queryAll(select(LINK, { where: textIs('Key__c', record) }));
  const [id, ...others] = [...linksIn(records).keys()].filter((key) => key !== '');
  if (others.length > 0) return several(LINK);
  if (id === undefined) return outcomeOf(failure);
  const comment = await session.client.queryAll(session.select('comment', { where: idIs('Id', id) }));
  const [observation] = await session.observed('comment', comment.records);
  // Deleted since: that is the next event's news, or the next pull's.
  return settled(id as ExternalId, observation?.life === 'deleted' ? undefined : observation);
}

const post = (object: SoqlObject, referenceId: string, body: Subrequest['body'] & object): Subrequest => ({
  method: 'POST',
  path: `/sobjects/${object}`,
  referenceId,
  body,
});

const readBack = (session: Session, kind: RecordKind): Subrequest => ({
  method: 'GET',
  path: querySubpath(session.select(kind, { where: madeBy('made') })),
  referenceId: 'row',
});

export function savedId(body: unknown): ExternalId {
  const id = canonicalId(answered(salesforceWire.saved, body).id);
  if (id === undefined) throw new ProviderUnavailableError('salesforce named no id for what it saved');
  return id;
}

const isDuplicate = (failure: unknown): boolean =>
  failure instanceof SalesforceRefusedError && failure.refusal.errorCode === 'DUPLICATE_VALUE';
const isParentGone = (failure: unknown): boolean =>
  failure instanceof SalesforceRefusedError && failure.refusal.errorCode === 'ENTITY_IS_DELETED';

/** The package keeps both keys unique; an org that holds one twice has been tampered with. */
export function several(object: string): WriteOutcome {
  const error = new ProviderRejectedError(`several rows of ${object} carry one key of the hub`, {
    vendorCode: 'MULTIPLE_CHOICES',
  });
  return { outcome: 'refused', why: 'rejected', error };
}
