import type { ExternalId } from '../../../../shared/domain/index.ts';
import { InvalidInputError } from '../../../../shared/errors.ts';
import type { Decoded, MappingContext, Observation } from '../../../../shared/ports/index.ts';
import { canonicalId } from '../ids.ts';
import type { SalesforceCommentEvent } from '../wire.ts';
import { authorOf } from './comment.ts';
import { millisOf, orderOf, upperBoundMs } from './moments.ts';
import { authorshipOf } from './row.ts';

/** What the package's trigger says of one comment: it carries the values, read after the change was saved. */
export function observedComment(event: SalesforceCommentEvent, at: string, context: MappingContext): Decoded {
  const externalId = idAt(event.Comment_Id__c, `${at}/Comment_Id__c`);
  const rootExternalId = idAt(event.Case_Id__c, `${at}/Case_Id__c`);
  const observation = {
    kind: 'comment' as const,
    externalId,
    rootExternalId,
    ...stateOf(event, externalId, context),
  };
  return { outcome: 'observations', observations: [observation] };
}

type State = Omit<Observation, 'kind' | 'externalId' | 'rootExternalId'>;

function stateOf(event: SalesforceCommentEvent, id: string, context: MappingContext): State {
  const toldAtMs = millisOf(event.CreatedDate) ?? context.receivedAtMs;
  const modifiedMs = millisOf(event.Modified_At__c);
  const authorship = authorshipOf(event.Modified_By__c, context);
  if (event.Change_Type__c === 'DELETE') {
    const atMs = upperBoundMs(toldAtMs);
    return { authorship, atMs, fields: {}, isComplete: false, life: 'deleted' };
  }
  const { Author_Id__c: author, Author_Name__c: name, Author_Role__c: type } = event;
  const person = authorOf({ id: author, name, type }, context);
  return {
    authorship,
    atMs: upperBoundMs(modifiedMs ?? toldAtMs),
    ...(modifiedMs === undefined ? {} : { version: { source: 'systemmodstamp', value: modifiedMs } }),
    fields: { body: event.Body__c ?? null },
    isComplete: true,
    visibility: event.Is_Published__c === true ? 'public' : 'internal',
    order: orderOf(millisOf(event.Created_At__c), id),
    ...(person === undefined ? {} : { author: person }),
  };
}

function idAt(text: string, pointer: string): ExternalId {
  const id = canonicalId(text);
  if (id === undefined) throw new InvalidInputError('saw something that is no id', { pointer });
  return id;
}
