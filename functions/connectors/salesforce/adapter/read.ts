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
    const { mergedInto } = observation;
    return mergedInto === undefined ? { state: 'deleted' } : { state: 'deleted', mergedInto };
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

/** An existing contact by its e-mail address; of several the oldest, which others most likely mean. */
export const match: (session: Session) => NonNullable<Integration['match']> =
  (session) =>
  async (kind, { email }) =>
    await translated(async () => {
      if (kind !== 'contact' || typeof email !== 'string' || email.trim() === '') return undefined;
      const where = textIs('Email', email.trim());
      const soql = session.select('contact', { where, orderBy: ['CreatedDate', 'Id'] });
      const { records } = await session.client.queryAll(soql);
      const contacts = await session.observed('contact', records);
      return contacts.find((contact) => contact.life !== 'deleted');
    });

/** Runs a read and turns whatever the vendor threw into the hub's own errors. */
export async function translated<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (failure) {
    throw hubError(failure);
  }
}
