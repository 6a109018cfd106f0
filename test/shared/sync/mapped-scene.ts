import { documented } from '../../../shared/mapping/index.ts';
import type { FieldRule, MappingDocument } from '../../../shared/ports/index.ts';
import type { Place } from '../../../shared/sync/places.ts';
import type { Scene } from '../../../shared/sync/scene.ts';
import { deskPlace, ticketScene } from './scenes.ts';

export const SUBJECT: FieldRule = { field: 'subject', vendorField: 'Subject', direction: 'both' };
export const priority = (words: Readonly<Record<string, string>>): FieldRule => ({
  field: 'priority',
  vendorField: 'Priority',
  direction: 'both',
  values: Object.entries(words).map(([hub, vendor]) => ({ hub, vendor: [vendor] })),
});
export const severity = (more: Partial<FieldRule> = {}): FieldRule => ({
  field: 'custom.severity',
  vendorField: 'Severity__c',
  direction: 'both',
  since: 1,
  ...more,
});

export const OLD = [SUBJECT, priority({ low: 'P3', high: 'P1' })];
const document = (version: number, rules: readonly FieldRule[]): MappingDocument => ({
  version,
  kinds: { ticket: { rules } },
});

/** The desk of the other tests, mapping by a document; `version` 0 is its integration's default. */
export function mapped(version: number, rules: readonly FieldRule[]): Place {
  const place = deskPlace();
  const standard = document(0, OLD);
  const mapping = documented(
    {
      decode: () => ({ outcome: 'filtered', reason: 'not asked' }),
      project: ({ fields }) => fields,
      interpret: (_kind, raw) => raw,
      canonicalForm: (_kind, _field, raw) => (typeof raw === 'string' ? raw.trim() : raw),
    },
    standard,
  );
  const connection =
    version === 0 ? place.connection : { ...place.connection, mapping: document(version, rules) };
  return { ...place, connection, mapping, manifest: { ...place.manifest, mapping: standard } };
}

export interface Given {
  readonly version?: number;
  readonly rules: readonly FieldRule[];
  readonly fields?: Scene['record']['fields'];
  readonly provenance?: Scene['record']['provenance'];
  readonly link?: Partial<Scene['link']>;
  readonly lane?: Partial<Scene['lane']>;
}

/** A copy noted under the default, met under a document that came later. */
export const under = ({
  version = 1,
  rules,
  fields = {},
  provenance = {},
  link = {},
  lane = {},
}: Given): Scene =>
  ticketScene({
    place: mapped(version, rules),
    fields,
    provenance,
    link: {
      sent: { subject: 'printer', priority: 'P3' },
      got: { subject: 'printer', priority: 'P3' },
      ...link,
    },
    lane,
  });
