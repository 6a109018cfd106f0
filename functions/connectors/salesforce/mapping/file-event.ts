import { InvalidInputError } from '../../../../shared/errors.ts';
import type { Decoded, MappingContext, Observation } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceChangeEvent } from '../wire.ts';
import { isCase } from './file.ts';
import { upperBoundMs } from './moments.ts';
import { authorshipOf } from './row.ts';

export const FILE_OBJECTS = ['ContentDocument', 'ContentDocumentLink'];

/**
 * A link tells that a file was shared with a case, a document that it is gone or back. What else happens to them comes
 * with the next pull: the event of a changed link names no document, that of a document no case.
 */
export function observedFile(event: SalesforceChangeEvent, at: string, context: MappingContext): Decoded {
  const { entityName, changeType, commitUser, commitTimestamp } = event.ChangeEventHeader;
  const base = {
    kind: 'attachment' as const,
    authorship: authorshipOf(commitUser, context),
    atMs: upperBoundMs(commitTimestamp),
    fields: {},
    isComplete: false,
  };
  if (entityName === 'ContentDocumentLink') return shared(event, base, at);
  switch (changeType) {
    case 'DELETE':
    case 'GAP_DELETE':
      return each(event, at, { ...base, life: 'deleted' });
    case 'UNDELETE':
    case 'GAP_UNDELETE':
      return each(event, at, { ...base, life: 'undeleted', needsRead: true });
    default:
      return filtered('its link to a case, or the next pull, tells of a file');
  }
}

type Base = Omit<Observation, 'externalId'>;

function shared(event: SalesforceChangeEvent, base: Base, at: string): Decoded {
  const { ContentDocumentId, LinkedEntityId, Visibility } = event;
  if (event.ChangeEventHeader.changeType !== 'CREATE')
    return filtered('a changed link names no file, the next pull has what can be told');
  const parent = canonicalId(LinkedEntityId);
  if (parent === undefined || !isCase(parent)) return filtered('a file was shared with no case');
  const externalId = canonicalId(ContentDocumentId);
  if (externalId === undefined)
    throw new InvalidInputError('saw something that is no id of a document', {
      pointer: `${at}/ContentDocumentId`,
    });
  const observation: Observation = {
    ...base,
    externalId,
    parent: { kind: 'ticket', externalId: parent },
    visibility: Visibility === 'AllUsers' ? 'public' : 'internal',
    needsRead: true,
  };
  return { outcome: 'observations', observations: [observation] };
}

function each(event: SalesforceChangeEvent, at: string, base: Base): Decoded {
  const observations = event.ChangeEventHeader.recordIds.map((text, index) => {
    const externalId = canonicalId(text);
    if (externalId === undefined)
      throw new InvalidInputError('saw something that is no id of the object', {
        pointer: `${at}/ChangeEventHeader/recordIds/${index}`,
      });
    return { ...base, externalId };
  });
  return { outcome: 'observations', observations };
}

const filtered = (reason: string): Decoded => ({ outcome: 'filtered', reason });
