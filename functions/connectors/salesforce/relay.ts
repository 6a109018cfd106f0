import type { PartnerEvent, PartnerEvents } from '../../../shared/http/receive-event.ts';
import type { Route } from '../../../shared/ports/index.ts';
import { canonicalId } from './ids.ts';

/** Whatever suffix it was written with: the first fifteen characters say which org it is. */
const ORGANIZATION_ID = /^00D[a-zA-Z0-9]{12}([a-zA-Z0-9]{3})?$/;

/**
 * The least parsing that tells account, event and group of a partner bus event. Event Relay names the org in
 * its source, `aws.partner/salesforce.com/<org>/<channel>`; an AppFlow flow has to be named after it.
 */
export const eventRelay: PartnerEvents = {
  account: ({ source }) => {
    const org = source.split(/[/_.-]/).find((part) => ORGANIZATION_ID.test(part));
    return canonicalId(org?.slice(0, 15));
  },

  routes(event) {
    const route = routeOf(bodyOf(event), event.id);
    return route === undefined ? 'unreadable' : [route];
  },
};

type Body = Readonly<Record<string, unknown>>;
const objectOf = (value: unknown): Body =>
  typeof value === 'object' && value !== null ? (value as Body) : {};

/** Event Relay's body lies under `payload`, AppFlow's right under `detail`. */
function bodyOf({ detail }: PartnerEvent): Body {
  const body = objectOf(detail);
  return 'payload' in body ? objectOf(body.payload) : body;
}

/** Events of one case are taken in one after the other; an event of several cases goes with its first. */
function routeOf(body: Body, deliveryId: string): Route | undefined {
  const header = objectOf(body.ChangeEventHeader);
  const { transactionKey, sequenceNumber, entityName, recordIds, changeType } = header;
  if (typeof transactionKey === 'string' && Array.isArray(recordIds)) {
    const eventId = [transactionKey, sequenceNumber, entityName, changeType, recordIds[0]].join('/');
    // A link tells of the case that a file is shared with; a deleted one names itself alone.
    const about = entityName === 'ContentDocumentLink' ? body.LinkedEntityId : undefined;
    return { eventId, group: canonicalId(about) ?? canonicalId(recordIds[0]) ?? String(recordIds[0]) };
  }
  const root = canonicalId(body.Case_Id__c);
  if (root === undefined) return undefined;
  const key = body.Event_Key__c ?? body.EventUuid ?? deliveryId;
  return { eventId: String(key), group: root };
}
