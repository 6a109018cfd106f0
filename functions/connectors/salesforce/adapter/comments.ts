import type { ExternalId } from '../../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import type { Creation, Observation, WriteOutcome } from '../../../../shared/ports/index.ts';
import { idIn, madeByAny, select, textIn } from '../client/soql.ts';
import { answered, bodiesOf, querySubpath } from '../client.ts';
import { meaningOf, outcomeOf, SalesforceRefusedError } from '../errors.ts';
import { type SalesforcePart, salesforceWire } from '../wire.ts';
import { isDuplicate, post, readBack, savedId, several } from './create.ts';
import { vendorFields } from './fields.ts';
import { insertion, refusalOfRow, type SavedRow } from './insertion.ts';
import { LINK, linksIn, OBJECTS, rowsOf, type Session, settled } from './session.ts';

export type CommentCreation = Extract<Creation, { kind: 'comment' }>;

interface RefusedComment {
  readonly change: CommentCreation;
  readonly failure: unknown;
}

/**
 * A comment takes no key of its own, so it is made in one transaction with a row that has one. Sent again, the
 * row refuses, and names the comment that was made.
 */
export async function createComment(session: Session, change: CommentCreation): Promise<WriteOutcome> {
  try {
    const answers = await session.client.together([
      post(OBJECTS.comment, 'made', commentRow(session, change)),
      post(LINK, 'link', linkRow(change, 'made')),
      readBack(session, 'comment'),
    ]);
    const ids = [savedId(answers.get('made'))];
    return outcomesOf(session, [change], { ids, rows: rowsOf(answers.get('row')) })[0]!;
  } catch (failure) {
    return (await refused(session, [{ change, failure }]))[0]!;
  }
}

/**
 * Rows of two collections and their reading back, all in one transaction or none of it. What is at fault is told row by
 * row: those are refused, or found where they were made before, and the others go again without them.
 */
export async function createComments(
  session: Session,
  changes: readonly CommentCreation[],
): Promise<WriteOutcome[]> {
  if (changes.length === 0) return [];
  try {
    const parts = await session.client.composite(requestsFor(session, changes), { allOrNone: true });
    const failures = failuresIn(parts);
    if (failures.size > 0) return await apart(session, changes, failures);
    const answers = bodiesOf(parts);
    const ids = answered(salesforceWire.savedRows, answers.get('made')).map(savedId);
    return outcomesOf(session, changes, { ids, rows: rowsOf(answers.get('rows')) });
  } catch (failure) {
    const isOfOne = failure instanceof SalesforceRefusedError && meaningOf(failure.refusal) === 'rejected';
    if (!isOfOne || changes.length === 1) return changes.map(() => outcomeOf(failure));
    const outcomes: WriteOutcome[] = [];
    for (const change of changes) outcomes.push(await createComment(session, change));
    return outcomes;
  }
}

function requestsFor(session: Session, changes: readonly CommentCreation[]) {
  const made = changes.map((_, at) => `made[${at}]`);
  const comments = changes.map((change) => commentRow(session, change));
  const links = changes.map((change, at) => linkRow(change, made[at]!));
  return [
    insertion('made', OBJECTS.comment, comments),
    insertion('links', LINK, links),
    {
      method: 'GET' as const,
      path: querySubpath(session.select('comment', { where: madeByAny(made) })),
      referenceId: 'rows',
    },
  ];
}

const commentRow = (session: Session, { fields, rootExternalId, comment }: CommentCreation) => ({
  ...vendorFields('comment', fields, session.context.mapping),
  ParentId: rootExternalId,
  IsPublished: comment.visibility === 'public',
});

const linkRow = ({ record, rootExternalId }: CommentCreation, made: string) => ({
  Key__c: record,
  Comment_Id__c: `@{${made}.id}`,
  Case__c: rootExternalId,
});

function outcomesOf(
  session: Session,
  changes: readonly CommentCreation[],
  { ids, rows }: { readonly ids: readonly ExternalId[]; readonly rows: readonly unknown[] },
): WriteOutcome[] {
  if (ids.length !== changes.length)
    throw new ProviderUnavailableError('salesforce answered for another number of rows than were sent');
  const links = new Map(changes.map(({ record }, at) => [ids[at]!, record]));
  const seen = seenAs(session, rows, links);
  return ids.map((id) => settled(id, seen.get(id)));
}

const seenAs = (session: Session, rows: readonly unknown[], links: ReadonlyMap<string, string>) =>
  new Map<ExternalId, Observation>(
    rows
      .map((row) => session.observation('comment', row, links))
      .map((observation) => [observation.externalId, observation]),
  );

/** Of rows that were refused for themselves, by their place; the others only went down with them. */
function failuresIn(parts: readonly SalesforcePart[]): ReadonlyMap<number, SalesforceRefusedError> {
  const rows = parts.flatMap(({ body }): (readonly [number, SavedRow])[] => {
    const saved = salesforceWire.savedRows.safeParse(body);
    return saved.success ? [...saved.data.entries()] : [];
  });
  return new Map(
    rows.flatMap(([at, row]) => {
      const failure = row.success ? undefined : refusalOfRow(row);
      return failure === undefined || WITH_OTHERS.has(failure.refusal.errorCode) ? [] : [[at, failure]];
    }),
  );
}

const WITH_OTHERS: ReadonlySet<string> = new Set(['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'PROCESSING_HALTED']);

async function apart(
  session: Session,
  changes: readonly CommentCreation[],
  failures: ReadonlyMap<number, SalesforceRefusedError>,
): Promise<WriteOutcome[]> {
  const others = changes.filter((_, at) => !failures.has(at));
  const those = [...failures].flatMap(([at, failure]) => ({ change: changes[at]!, failure }));
  const outcomes = new Map([
    ...(await createComments(session, others)).map((outcome, at) => [others[at], outcome] as const),
    ...(await refused(session, those)).map((outcome, at) => [those[at]?.change, outcome] as const),
  ]);
  return changes.map((change) => outcomes.get(change)!);
}

/** Each by its own reason; those whose key was used before are looked for, all in two calls. */
async function refused(session: Session, all: readonly RefusedComment[]): Promise<WriteOutcome[]> {
  const before = all.filter(({ failure }) => isDuplicate(failure));
  const found = before.length === 0 ? undefined : await madeBefore(session, before);
  return all.map((each) => found?.get(each) ?? outcomeOfRefused(each.failure));
}

const outcomeOfRefused = (failure: unknown): WriteOutcome =>
  isParentGone(failure) ? { ...outcomeOf(failure), outcome: 'refused', why: 'gone' } : outcomeOf(failure);

const isParentGone = (failure: unknown): boolean =>
  failure instanceof SalesforceRefusedError && failure.refusal.errorCode === 'ENTITY_IS_DELETED';

async function madeBefore(
  session: Session,
  all: readonly RefusedComment[],
): Promise<ReadonlyMap<RefusedComment, WriteOutcome>> {
  try {
    const keys = all.map(({ change }) => change.record);
    const links = linksIn(await queried(session, select(LINK, { where: textIn('Key__c', keys) })));
    const ids = [...links.keys()].filter((id) => id !== '');
    const where = idIn('Id', ids);
    const rows = ids.length === 0 ? [] : await queried(session, session.select('comment', { where }));
    const seen = seenAs(session, rows, links);
    return new Map(
      all.map((each) => {
        const its = ids.filter((id) => links.get(id) === each.change.record) as ExternalId[];
        return [each, fateOf(its, seen, each.failure)];
      }),
    );
  } catch (failure) {
    return new Map(all.map((each) => [each, outcomeOf(failure)]));
  }
}

function fateOf(
  [id, ...others]: readonly ExternalId[],
  seen: ReadonlyMap<ExternalId, Observation>,
  failure: unknown,
): WriteOutcome {
  if (others.length > 0) return several(LINK);
  if (id === undefined) return outcomeOf(failure);
  const observation = seen.get(id);
  // Deleted since: that is the next event's news, or the next pull's.
  return settled(id, observation?.life === 'deleted' ? undefined : observation);
}

/** In a body: two hundred keys are more than an address takes. */
async function queried(session: Session, soql: string): Promise<readonly unknown[]> {
  const answers = await session.client.together([
    { method: 'GET', path: querySubpath(soql), referenceId: 'rows' },
  ]);
  return rowsOf(answers.get('rows'));
}
