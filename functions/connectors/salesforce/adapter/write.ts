import type { ExternalId } from '../../../../shared/domain/index.ts';
import type { RemoteChange, Version, WriteOutcome } from '../../../../shared/ports/index.ts';
import { idIs, select } from '../client/soql.ts';
import { querySubpath, type Subrequest } from '../client.ts';
import { outcomeOf } from '../errors.ts';
import { createComment } from './comments.ts';
import { createRoot } from './create.ts';
import { vendorFields } from './fields.ts';
import { LINK, livingLinks, OBJECTS, rowsOf, type Session, settled } from './session.ts';

type Update = Extract<RemoteChange, { operation: 'update' | 'delete' }>;

/** Sends one change, once; every failure is an outcome. */
export async function write(session: Session, change: RemoteChange): Promise<WriteOutcome> {
  try {
    return await sent(session, change);
  } catch (failure) {
    return outcomeOf(failure);
  }
}

function sent(session: Session, change: RemoteChange): Promise<WriteOutcome> {
  switch (change.operation) {
    case 'create':
      return change.kind === 'comment' ? createComment(session, change) : createRoot(session, change);
    case 'update':
      return update(session, change);
    case 'delete':
      return remove(session, change);
  }
}

/** By the vendor's id, refused if somebody was faster, and read back in the same transaction. */
async function update(session: Session, change: Update): Promise<WriteOutcome> {
  const { kind, externalId, ifVersion } = change;
  const object = OBJECTS[kind];
  const answers = await session.client.together([
    {
      method: 'PATCH',
      path: `/sobjects/${object}/${externalId}`,
      referenceId: 'saved',
      body: vendorFields(kind, change.fields, session.context.mapping),
      ...conditionOn(ifVersion),
    },
    {
      method: 'GET',
      path: querySubpath(session.select(kind, { where: idIs('Id', externalId) })),
      referenceId: 'row',
    },
  ]);
  const rows = rowsOf(answers.get('row'));
  return settled(externalId, rows.length === 0 ? undefined : session.observation(kind, rows[0], new Map()));
}

/** Whole seconds: a change within the base's own second passes unseen (named in the manifest). */
function conditionOn(version: Version | undefined): Pick<Subrequest, 'headers'> {
  if (version?.source !== 'systemmodstamp') return {};
  return { headers: { 'If-Unmodified-Since': new Date(version.value).toUTCString() } };
}

/** A comment takes its link along, or the same record could never have a comment again. */
async function remove(session: Session, { kind, externalId }: Update): Promise<WriteOutcome> {
  const gone: Subrequest = {
    method: 'DELETE',
    path: `/sobjects/${OBJECTS[kind]}/${externalId}`,
    referenceId: 'gone',
  };
  await session.client.together([
    gone,
    ...(kind === 'comment' ? await linkRemovals(session, externalId) : []),
  ]);
  return settled(externalId, undefined);
}

async function linkRemovals(session: Session, externalId: ExternalId): Promise<Subrequest[]> {
  const { records } = await session.client.queryAll(
    select(LINK, { where: idIs('Comment_Id__c', externalId) }),
  );
  return livingLinks(records).map(({ Id }, index) => ({
    method: 'DELETE',
    path: `/sobjects/${LINK}/${Id}`,
    referenceId: `link${index}`,
  }));
}
