import type { Fields, MappedKind } from '../../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import type {
  Creation,
  Observation,
  RootCreation,
  Together,
  WriteOutcome,
} from '../../../../shared/ports/index.ts';
import { madeByAny, textIn } from '../client/soql.ts';
import { answered, queryResult, querySubpath } from '../client.ts';
import { type Meaning, meaningOf, outcomeOf, SalesforceRefusedError } from '../errors.ts';
import { salesforceWire } from '../wire.ts';
import {
  type CommentCreation,
  commentParts,
  createComment,
  rowOf,
  SAVE_LOOKALIKES,
  savedId,
  several,
} from './create.ts';
import { match, translated } from './read.ts';
import { MARK, OBJECTS, rowsOf, type Session, settled } from './session.ts';

/**
 * Up to 200 rows a call, each made or refused by itself, and read back in the same call by their marks: so one that an
 * earlier call has made is found as well.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/resources_composite_sobjects_collections_create.htm
 */
export const togetherOf = (session: Session): Together => ({
  create: (changes) => create(session, changes),
  match: (kind, all) => translated(() => matches(session, kind, all)),
});

function create(session: Session, changes: readonly Creation[]): Promise<WriteOutcome[]> {
  const comments = changes.filter((change) => change.kind === 'comment');
  return comments.length > 0
    ? createComments(session, comments)
    : createRoots(session, changes.filter(isRoot));
}

const isRoot = (change: Creation): change is RootCreation => change.kind !== 'comment';

/** All of them in one transaction, or none; then each by itself, so that only what is at fault is refused. */
async function createComments(
  session: Session,
  changes: readonly CommentCreation[],
): Promise<WriteOutcome[]> {
  try {
    const answers = await session.client.together([
      ...changes.flatMap((change, at) => commentParts(session, change, `${at}`)),
      {
        method: 'GET',
        path: querySubpath(
          session.select('comment', { where: madeByAny(changes.map((_, at) => `made${at}`)) }),
        ),
        referenceId: 'rows',
      },
    ]);
    const ids = changes.map((_, at) => savedId(answers.get(`made${at}`)));
    const links = new Map(changes.map(({ record }, at) => [ids[at]!, record]));
    const seen = rowsOf(answers.get('rows')).map((row) => session.observation('comment', row, links));
    return ids.map((id) =>
      settled(
        id,
        seen.find(({ externalId }) => externalId === id),
      ),
    );
  } catch (failure) {
    const isOfOne = failure instanceof SalesforceRefusedError && OF_ONE.has(meaningOf(failure.refusal));
    if (!isOfOne) return changes.map(() => outcomeOf(failure));
    return await oneByOne(changes, (change) => createComment(session, change));
  }
}

/** `unavailable` as well: another’s lock, or a key that was used before. */
const OF_ONE: ReadonlySet<Meaning> = new Set(['rejected', 'conflict', 'gone', 'unavailable']);

async function createRoots(session: Session, changes: readonly RootCreation[]): Promise<WriteOutcome[]> {
  const [first] = changes;
  if (first === undefined) return [];
  try {
    const answers = await session.client.together([
      insertion(session, first.kind, changes),
      {
        method: 'GET',
        path: querySubpath(
          session.select(first.kind, {
            where: textIn(
              MARK,
              changes.map(({ record }) => record),
            ),
          }),
        ),
        referenceId: 'rows',
      },
    ]);
    const saved = answered(salesforceWire.savedRows, answers.get('made'));
    if (saved.length !== changes.length) {
      throw new ProviderUnavailableError('salesforce answered for another number of rows than were sent');
    }
    const rows = await session.observed(first.kind, rowsOf(answers.get('rows')));
    const living = Map.groupBy(
      rows.filter(({ life }) => life !== 'deleted'),
      ({ marker }) => marker,
    );
    return changes.map((change, at) => fate(change, saved[at]!, living.get(change.record) ?? []));
  } catch (failure) {
    return changes.map(() => outcomeOf(failure));
  }
}

const insertion = (session: Session, kind: MappedKind, changes: readonly RootCreation[]) => ({
  method: 'POST' as const,
  path: '/composite/sobjects',
  referenceId: 'made',
  body: {
    allOrNone: false,
    records: changes.map((change) => ({ attributes: { type: OBJECTS[kind] }, ...rowOf(session, change) })),
  },
  ...(kind === 'contact' ? { headers: SAVE_LOOKALIKES } : {}),
});

interface Saved {
  readonly errors?:
    | readonly { readonly statusCode: string; readonly message?: string | null | undefined }[]
    | undefined;
}

/** What bears the mark was made, now or before. */
function fate(change: RootCreation, { errors }: Saved, found: readonly Observation[]): WriteOutcome {
  const [observation, ...others] = found;
  if (others.length > 0) return several(OBJECTS[change.kind]);
  if (observation !== undefined) return settled(observation.externalId, observation);
  const [error] = errors ?? [];
  if (error === undefined)
    return outcomeOf(new ProviderUnavailableError('salesforce shows no row it has saved'));
  const { statusCode: errorCode, message } = error;
  return outcomeOf(new SalesforceRefusedError({ status: 400, errorCode, message: message ?? '' }));
}

/** By their addresses at once; of several with one address the oldest, as where one is looked for. */
async function matches(
  session: Session,
  kind: MappedKind,
  all: readonly Fields[],
): Promise<(Observation | undefined)[]> {
  const addresses = [...new Set(all.flatMap((fields) => addressOf(fields) ?? []))];
  if (kind !== 'contact' || addresses.length === 0) return all.map(() => undefined);
  const orderBy = ['CreatedDate', 'Id'];
  const path = querySubpath(session.select(kind, { where: textIn('Email', addresses), orderBy }));
  const answers = await session.client.together([{ method: 'GET', path, referenceId: 'rows' }]);
  const { records, done } = queryResult(answers.get('rows'));
  // So many bear these addresses that the oldest of some may stand on another page.
  if (!done) return await oneByOne(all, (fields) => match(session)(kind, fields));
  const living = (await session.observed(kind, records)).filter(({ life }) => life !== 'deleted');
  const oldest = new Map<string | undefined, Observation>();
  for (const each of living) {
    const address = addressOf(each.fields);
    if (!oldest.has(address)) oldest.set(address, each);
  }
  return all.map((fields) => {
    const address = addressOf(fields);
    return address === undefined ? undefined : oldest.get(address);
  });
}

/** SOQL tells no letter cases apart either. */
function addressOf({ email }: Fields): string | undefined {
  const address = typeof email === 'string' ? email.trim().toLowerCase() : '';
  return address === '' ? undefined : address;
}

async function oneByOne<Each, Answer>(
  all: readonly Each[],
  ask: (each: Each) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const each of all) answers.push(await ask(each));
  return answers;
}
