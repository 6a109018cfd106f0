import type { Observation } from '../../../shared/ports/index.ts';
import { observationOf } from './observation.ts';
import type { Announcement, Vendor } from './vendor.ts';

/** What this vendor says of a deed of somebody's; undefined where it says nothing at all. */
export function announced(vendor: Vendor, announcement: Announcement): Observation | undefined {
  const { object, snapshot, changed, life } = announcement;
  const { profile } = vendor;
  if (object.kind === 'contact' && profile.role === 'channel') return undefined;
  if (object.kind === 'comment' && !profile.announcesComments) return undefined;
  const whole = {
    ...observationOf(vendor, object, snapshot, 'event'),
    ...(life === undefined ? {} : { life }),
  };
  if (life !== undefined || profile.eventBody === 'full') return whole;
  if (profile.eventBody === 'gap') return told({ ...whole, fields: {}, isComplete: false, needsRead: true });
  if (snapshot.version === 1) return whole;
  if (changed.length === 0) return undefined;
  const fields = Object.fromEntries(changed.map((name) => [name, snapshot.fields[name]!]));
  return told({ ...whole, fields, isComplete: false });
}

/** Of whom somebody works for it says nothing where the field is left out. */
function told(o: Observation): Observation {
  if (o.kind !== 'contact' || 'account' in o.fields) return o;
  const { refersTo: _unsaid, ...rest } = o;
  return rest;
}
