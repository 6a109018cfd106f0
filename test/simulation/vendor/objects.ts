import type {
  Author,
  ExternalId,
  Fields,
  FieldValue,
  RecordId,
  RecordKind,
  Visibility,
} from '../../../shared/domain/index.ts';
import type { ParentRef } from '../../../shared/ports/index.ts';

export type Hand = 'hub' | 'person';

/** One thing that was done to one object: the truth every oracle judges by. */
export interface Deed {
  readonly sequence: number;
  readonly atMs: number;
  readonly by: Hand;
  readonly deed: 'created' | 'changed' | 'deleted' | 'undeleted';
  readonly object: ExternalId;
  readonly kind: RecordKind;
  /** What was asked for: a write that changes nothing is still a write. */
  readonly changes: Readonly<Record<string, { readonly from: FieldValue; readonly to: FieldValue }>>;
  /** Version before the deed; equal to what the hub read when nothing came between. */
  readonly over: number;
}

/** What an object was from some moment on. */
export interface Snapshot {
  readonly atMs: number;
  readonly fields: Fields;
  readonly version: number;
  readonly modifiedAtMs: number;
  readonly modifiedBy: Hand;
  readonly fieldTimesMs: Readonly<Record<string, number>>;
  readonly isDeleted: boolean;
}

export interface VendorObject {
  readonly id: ExternalId;
  readonly kind: RecordKind;
  /** Where it hangs now: a merge moves what hung on the loser. */
  root: ExternalId | undefined;
  readonly visibility: Visibility | undefined;
  readonly author: Author | undefined;
  readonly contact: ExternalId | undefined;
  readonly marker: RecordId | undefined;
  /** Of a file: what it hangs on now. */
  parent: ParentRef | undefined;
  readonly bytes: string | undefined;
  readonly createdAtMs: number;
  readonly createdBy: Hand;
  readonly order: number;
  /** Oldest first; the last is the truth. */
  readonly snapshots: Snapshot[];
}

export interface Creation {
  readonly kind: RecordKind;
  readonly fields: Fields;
  readonly by: Hand;
  readonly root?: ExternalId;
  readonly visibility?: Visibility;
  readonly author?: Author;
  readonly contact?: ExternalId;
  readonly marker?: RecordId;
  readonly parent?: ParentRef;
  readonly bytes?: string;
  /** It was given out before. */
  readonly id?: ExternalId;
}

/** Something happened that the vendor may announce; `changed` are the fields a partial event carries. */
export interface Announcement {
  readonly object: VendorObject;
  readonly snapshot: Snapshot;
  readonly changed: readonly string[];
  readonly life?: 'deleted' | 'undeleted';
  readonly by: Hand;
}
