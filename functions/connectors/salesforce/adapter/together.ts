import { type Fields, hasIdentity, identityOf, type MappedKind } from '../../../../shared/domain/index.ts';
import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import type {
  Creation,
  Observation,
  RootCreation,
  Together,
  WriteOutcome,
} from '../../../../shared/ports/index.ts';
import { textIn } from '../client/soql.ts';
import { answered, bodiesOf, queryResult, querySubpath, type Subrequest } from '../client.ts';
import { outcomeOf } from '../errors.ts';
import { type SalesforcePart, salesforceWire } from '../wire.ts';
import { createComments } from './comments.ts';
import { rowOf, SAVE_LOOKALIKES, several } from './create.ts';
import { insertion, refusalOfRow, type SavedRow } from './insertion.ts';
import { match, SOUGHT, translated } from './read.ts';
import { MARK, OBJECTS, rowsOf, type Session, settled } from './session.ts';

/**
 * Up to 200 rows a call, each made or refused by itself, and read back in the same call by their marks: so one that an
 * earlier call has made is found as well.
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

async function createRoots(session: Session, changes: readonly RootCreation[]): Promise<WriteOutcome[]> {
  const [first] = changes;
  if (first === undefined) return [];
  try {
    const parts = await session.client.composite(
      [
        insertionOf(session, first.kind, changes),
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
      ],
      // All or none would hold for the rows of a collection too: one that is refused would take the others with it.
      { allOrNone: false },
    );
    const [made, shown] = ['made', 'rows'].map((name) => parts.filter((part) => part.referenceId === name));
    const saved = answered(salesforceWire.savedRows, bodiesOf(made ?? []).get('made'));
    if (saved.length !== changes.length) {
      throw new ProviderUnavailableError('salesforce answered for another number of rows than were sent');
    }
    const rows = await session.observed(first.kind, shownIn(shown));
    const living = Map.groupBy(
      rows.filter(({ life }) => life !== 'deleted'),
      ({ marker }) => marker,
    );
    return changes.map((change, at) => fate(change, saved[at]!, living.get(change.record) ?? []));
  } catch (failure) {
    return changes.map(() => outcomeOf(failure));
  }
}

/** None where only the reading back failed: what was saved is then looked for again. */
const shownIn = ([part]: readonly SalesforcePart[] = []): readonly unknown[] =>
  part === undefined || part.httpStatusCode >= 300 ? [] : rowsOf(part.body);

const insertionOf = (session: Session, kind: MappedKind, changes: readonly RootCreation[]): Subrequest => ({
  ...insertion(
    'made',
    OBJECTS[kind],
    changes.map((change) => rowOf(session, change)),
  ),
  ...(hasIdentity(kind) ? { headers: SAVE_LOOKALIKES } : {}),
});

/** What bears the mark was made, now or before. */
function fate(change: RootCreation, row: SavedRow, found: readonly Observation[]): WriteOutcome {
  const [observation, ...others] = found;
  if (others.length > 0) return several(OBJECTS[change.kind]);
  if (observation !== undefined) return settled(observation.externalId, observation);
  const unseen = new ProviderUnavailableError('salesforce shows no row it has saved');
  return outcomeOf(refusalOfRow(row) ?? unseen);
}

/** By their identities at once; of several with one identity the oldest, as where one is looked for. */
async function matches(
  session: Session,
  kind: MappedKind,
  all: readonly Fields[],
): Promise<(Observation | undefined)[]> {
  const sought = all.filter((fields) => identityOf(kind, fields) !== undefined);
  if (!hasIdentity(kind) || sought.length === 0) return all.map(() => undefined);
  const { column, field } = SOUGHT[kind];
  // SOQL tells no letter cases apart either.
  const values = [...new Set(sought.map((fields) => String(fields[field]).trim().toLowerCase()))];
  const orderBy = ['CreatedDate', 'Id'];
  const path = querySubpath(
    session.select(kind, { ...session.listed(kind, textIn(column, values)), orderBy }),
  );
  const answers = await session.client.together([{ method: 'GET', path, referenceId: 'rows' }]);
  const { records, done } = queryResult(answers.get('rows'));
  // So many bear these names or addresses that the oldest of some may stand on another page.
  if (!done) return await oneByOne(all, (fields) => match(session)(kind, fields));
  const living = (await session.observed(kind, records)).filter(({ life }) => life !== 'deleted');
  const oldest = new Map<string | undefined, Observation>();
  for (const each of living) {
    const identity = identityOf(kind, each.fields);
    if (!oldest.has(identity)) oldest.set(identity, each);
  }
  return all.map((fields) => {
    const identity = identityOf(kind, fields);
    return identity === undefined ? undefined : oldest.get(identity);
  });
}

async function oneByOne<Each, Answer>(
  all: readonly Each[],
  ask: (each: Each) => Promise<Answer>,
): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (const each of all) answers.push(await ask(each));
  return answers;
}
