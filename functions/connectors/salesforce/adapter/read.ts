import { hasIdentity, identityOf } from '../../../../shared/domain/index.ts';
import type { CopyRef, Integration, Observation, RemoteState } from '../../../../shared/ports/index.ts';
import { idIs, select, textIs } from '../client/soql.ts';
import { querySubpath } from '../client.ts';
import { hubError } from '../errors.ts';
import { LINK, linksIn, rowsOf, type Session } from './session.ts';

/** What is in the bin says so; what is not found at all proves nothing. */
export async function read(session: Session, copy: CopyRef): Promise<RemoteState> {
  return await translated(async () => {
    const rows = await rowsById(session, copy);
    const [observation] = rows;
    if (observation === undefined) return { state: 'absent' };
    if (observation.life !== 'deleted') return { state: 'present', observation };
    const { mergedInto, atMs, version } = observation;
    if (mergedInto === undefined) return { state: 'deleted' };
    return { state: 'deleted', mergedInto, mergedAt: { atMs, ...(version && { version }) } };
  });
}

/** A comment and the row that says whose copy it is, in one call. */
async function rowsById(session: Session, { kind, externalId }: CopyRef): Promise<Observation[]> {
  const byId = session.select(kind, { where: idIs('Id', externalId) });
  if (kind !== 'comment') {
    const { records } = await session.client.queryAll(byId);
    return records.map((row) => session.observation(kind, row, new Map()));
  }
  const answers = await session.client.together([
    { method: 'GET', path: querySubpath(byId), referenceId: 'row' },
    {
      method: 'GET',
      path: querySubpath(select(LINK, { where: idIs('Comment_Id__c', externalId) })),
      referenceId: 'link',
    },
  ]);
  const links = linksIn(rowsOf(answers.get('link')));
  return rowsOf(answers.get('row')).map((row) => session.observation(kind, row, links));
}

/** The column an identity is looked for by; what else it takes is compared here. */
export const SOUGHT = {
  contact: { column: 'Email', field: 'email' },
  account: { column: 'Name', field: 'name' },
} as const;

/** A contact by its address, an account by its name and website; of several the oldest, which others most likely mean. */
export const match: (session: Session) => NonNullable<Integration['match']> =
  (session) => async (kind, fields) =>
    await translated(async () => {
      const identity = identityOf(kind, fields);
      if (!hasIdentity(kind) || identity === undefined) return undefined;
      const { column, field } = SOUGHT[kind];
      const sought = session.listed(kind, textIs(column, String(fields[field]).trim()));
      const soql = session.select(kind, { ...sought, orderBy: ['CreatedDate', 'Id'] });
      const { records } = await session.client.queryAll(soql);
      const found = await session.observed(kind, records);
      return found.find((each) => each.life !== 'deleted' && identityOf(kind, each.fields) === identity);
    });

/** Runs a read and turns whatever the vendor threw into the hub's own errors. */
export async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (failure) {
    throw hubError(failure);
  }
}
