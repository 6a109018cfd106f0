import { InvalidInputError } from '../../../../shared/errors.ts';
import { readJson } from '../../../../shared/http/json.ts';
import type { DocumentedContext } from '../../../../shared/mapping/index.ts';
import type { Decoded } from '../../../../shared/ports/index.ts';
import { readAs, salesforceWire } from '../wire.ts';
import { observedChange } from './change-event.ts';
import { observedComment } from './comment-event.ts';
import { FILE_OBJECTS, observedFile } from './file-event.ts';

export const COMMENT_EVENT = 'Deskbridge_Comment_Event__e';
const CHANGE_EVENT = /^(Case|Contact|Account|ContentDocument|ContentDocumentLink)ChangeEvent$/;

/** @throws InvalidInputError when the body is no event of the partner bus, or not shaped as published */
export function decode(body: Uint8Array, _contentType: string, context: DocumentedContext): Decoded {
  const { 'detail-type': type, detail } = readAs(salesforceWire.envelope, readJson(body), '');
  const at = detail.payload === undefined ? '/detail' : '/detail/payload';
  const payload = detail.payload ?? detail;
  if (type === COMMENT_EVENT)
    return observedComment(readAs(salesforceWire.commentEvent, payload, at), at, context);
  if (!CHANGE_EVENT.test(type)) return { outcome: 'filtered', reason: 'unknown event type' };
  const event = readAs(salesforceWire.changeEvent, payload, at);
  if (`${event.ChangeEventHeader.entityName}ChangeEvent` !== type) {
    throw new InvalidInputError('saw an event of another object than its detail-type names', {
      pointer: `${at}/ChangeEventHeader/entityName`,
    });
  }
  const { entityName } = event.ChangeEventHeader;
  return FILE_OBJECTS.includes(entityName)
    ? observedFile(event, at, context)
    : observedChange(event, at, context);
}
