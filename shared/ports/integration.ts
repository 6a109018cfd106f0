import type { ExternalId, RecordId } from '../domain/ids.ts';
import type {
  Fields,
  InternalAttachment,
  InternalNote,
  MappedKind,
  ParentKind,
  PublicAttachment,
  PublicComment,
  RecordKind,
} from '../domain/record.ts';
import type { HubError } from '../errors.ts';
import type { Exports } from './exports.ts';
import type { Observation, Version } from './mapping.ts';
import type { FieldDescription } from './mapping-document.ts';
import type { Together } from './together.ts';

export interface CopyRef {
  readonly kind: RecordKind;
  readonly externalId: ExternalId;
  /** For a comment: its root's copy. */
  readonly rootExternalId?: ExternalId;
}

/** What an attachment hangs on at a vendor. */
export type ParentRef = CopyRef & { readonly kind: ParentKind };

/** A file on its way in. */
export interface Download {
  /** Bytes as they come; it throws as `download` does. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** It is deleted, and another object goes on for it. */
export interface Merged {
  readonly state: 'deleted';
  readonly mergedInto: ExternalId;
  /** When that was, by the vendor's own clock, where it says so: what is told of it from later than that tells that it is back. */
  readonly mergedAt?: { readonly atMs: number; readonly version?: Version };
}

export type RemoteState =
  | { readonly state: 'present'; readonly observation: Observation }
  /** The vendor says it existed and is deleted: positive evidence. */
  | { readonly state: 'deleted'; readonly mergedInto?: never }
  | Merged
  /** Not found: lost permission or gone, nobody can tell. Proves nothing. */
  | { readonly state: 'absent' };

interface ChangeBase {
  readonly record: RecordId;
  readonly fields: Fields;
  /** The version of the mapping document that `fields` are written by; absent is 0. */
  readonly mapping?: number;
}
/** A file to be brought to a vendor: first its bytes (`upload`), then, as `staged`, its creation. */
export interface Upload extends ChangeBase {
  readonly kind: 'attachment';
  readonly operation: 'create';
  readonly parent: ParentRef;
  /** A customer-visible integration takes `PublicAttachment` only. */
  readonly attachment: PublicAttachment | InternalAttachment;
}
export type PublicUpload = Upload & { readonly attachment: PublicAttachment };

interface Addressed {
  readonly externalId: ExternalId;
  readonly rootExternalId?: ExternalId;
  /** Base for a conditional write, where the vendor has them. */
  readonly ifVersion?: Version;
}
/** What a comment's copy is to say, as the vendor is to show it: its body is that of `fields`. */
interface Said {
  readonly kind: 'comment';
  readonly comment: PublicComment | InternalNote;
}

/** The exact request of a pending; serializable, and sent again byte for byte on a retry. */
export type RemoteChange =
  | (ChangeBase & { readonly kind: MappedKind; readonly operation: 'create' })
  | (ChangeBase & Said & { readonly operation: 'create'; readonly rootExternalId: ExternalId })
  | (ChangeBase & Said & Addressed & { readonly operation: 'update' })
  | (Upload & { readonly staged: ExternalId })
  | (ChangeBase & Addressed & { readonly kind: Exclude<RecordKind, 'comment'>; readonly operation: 'update' })
  | (ChangeBase & Addressed & { readonly kind: RecordKind; readonly operation: 'delete' });

type SayingChange = Extract<RemoteChange, Said>;
/** Its words are those of a `PublicComment` and stand nowhere else: there is no place for an internal note's. */
type InPublic<Change extends SayingChange> = Change extends SayingChange
  ? Omit<Change, 'comment' | 'fields'> & { readonly comment: PublicComment }
  : never;

/** The changes a customer-visible place accepts: an internal note or file is not one of them (invariant 7). */
export type PublicChange =
  | Exclude<RemoteChange, Said | { kind: 'attachment'; operation: 'create' }>
  | InPublic<SayingChange>
  | (Extract<RemoteChange, { kind: 'attachment'; operation: 'create' }> & PublicUpload);
/** The files that whoever takes these changes takes. */
export type UploadIn<Change> = Change extends { kind: 'attachment'; operation: 'create' }
  ? Omit<Change, 'staged'>
  : never;

export type WriteOutcome =
  | {
      readonly outcome: 'settled';
      readonly externalId: ExternalId;
      readonly version?: Version;
      readonly observation?: Observation;
    }
  /** The vendor did nothing. `conflict`: the base moved on; `gone`: the object is deleted; `rejected`: see error. */
  | {
      readonly outcome: 'refused';
      readonly why: 'conflict' | 'gone' | 'rejected' | 'throttled' | 'unavailable' | 'unauthorized';
      readonly error: HubError;
    }
  /** The request may have been, or may yet be, carried out. */
  | { readonly outcome: 'uncertain'; readonly error: HubError };

/** Where a pull stands: everything up to (stamp, id) has been seen. Opaque to all but the integration. */
export interface Cursor {
  readonly stamp: string;
  readonly id: string;
}
export interface Page {
  readonly observations: readonly Observation[];
  /** Where to go on after this page has been enqueued. */
  readonly next: Cursor;
  readonly isLast: boolean;
}

export type Health =
  | { readonly state: 'healthy'; readonly account: string }
  | { readonly state: 'unhealthy'; readonly error: HubError };

/** A usable vendor token, already refreshed by the connections module. */
export interface Grant {
  readonly accessToken: string;
  readonly instanceUrl: string;
  /** Epoch milliseconds; absent when the vendor does not say. */
  readonly expiresAtMs?: number;
  readonly refreshToken?: string;
  readonly hubUserId?: string;
  readonly account?: string;
  readonly scopes?: readonly string[];
}

/** How an integration gets its grants; the connections module decides when, and stores them. */
export interface Authorization {
  /** Present for `oauth2-code`: where to send the person. */
  authorizeUrl?(request: { state: string; redirectUri: string; codeChallenge: string }): string;
  /**
   * @throws ReauthorizationRequiredError when the vendor refuses; ProviderRejectedError when the person granted less
   * than the integration needs; ProviderUnavailableError when the vendor is not there.
   */
  exchange?(request: { code: string; redirectUri: string; codeVerifier: string }): Promise<Grant>;
  /** A first or further grant without a person (JWT bearer), or by the refresh token. Same errors. */
  renew(current: Grant | undefined): Promise<Grant>;
  /** Gives the grant back to the vendor: nobody may use it any more. Present where the vendor has such a call. Same errors. */
  revoke?(grant: Grant): Promise<void>;
}

/** The one port of all integrations; its manifest declares which optional parts exist. Adapters neither retry nor limit. */
export interface Integration<Change = RemoteChange> {
  /** Is the link alive, told by the vendor itself, now. Never throws for a vendor's failure. */
  check(): Promise<Health>;
  /**
   * What the vendor holds now.
   * @throws RateLimitedError, ProviderUnavailableError, ReauthorizationRequiredError, ProviderRejectedError
   */
  read?(copy: CopyRef): Promise<RemoteState>;
  /**
   * The copy that carries this record's marker, for creation by `find`; nothing made before `sinceMs`, the hub's time
   * at which its creation was first sent, can be it. Throws as `read`; ProviderRejectedError also when the marker
   * cannot be seen.
   */
  find?(
    record: RecordId,
    kind: RecordKind,
    rootExternalId?: ExternalId,
    sinceMs?: number,
  ): Promise<Observation | undefined>;
  /** An existing object that is this record already, by its identity (`identityOf`): a contact, an account. Throws as `read`. */
  match?(kind: RecordKind, fields: Fields): Promise<Observation | undefined>;
  /**
   * The fields of what a root kind is there, as the vendor describes them now; those the integration fills by itself
   * are left out. Throws as `read`.
   */
  describe?(kind: MappedKind): Promise<readonly FieldDescription[]>;
  /**
   * Everything changed since the cursor, oldest first, deletions included. Throws as `read`; EndlessListingError for
   * pages that lead nowhere new; ProviderRejectedError where what was listed once is out of sight, which an empty page
   * would not tell.
   */
  pull?(kind: RecordKind, after: Cursor | undefined): AsyncIterable<Page>;
  /** Present where the manifest declares `backfill`. */
  readonly exports?: Exports;
  /** Present where the manifest's `backfill` says how many at once. */
  readonly together?: Together;
  /**
   * Sends one change, once. Never throws for a vendor's failure: every failure is an outcome. A property and no
   * method, whose parameters the compiler would compare both ways: what takes public changes alone must not pass
   * for what takes all of them (invariant 7).
   */
  readonly write?: (change: Change) => Promise<WriteOutcome>;
  /**
   * An attachment's bytes, as they come. Present where the manifest declares `files`. Throws as `read`;
   * ProviderRejectedError for an answer that is not the file (an HTML page, another length than declared);
   * NotFoundError where the vendor says that there is none any more: then it is read.
   */
  download?(copy: CopyRef): Promise<Download>;
  /**
   * Brings a file's bytes to the vendor, out of everyone's sight, and answers with the external id its copy will have
   * once its creation (`write`, with this as `staged`) has brought it into sight. So whatever is heard of it is known
   * for ours from the first, a transfer that breaks off leaves nothing to see, and the creation is `unique` by what was
   * staged. Where that is no longer there, the creation is refused as a `conflict`, and the file staged anew.
   * Never holds more than a part of `content`, which begins anew for whoever iterates it again. Throws as `read`. A
   * property, as `write` is, and for its reason.
   */
  readonly upload?: (file: UploadIn<Change>, content: AsyncIterable<Uint8Array>) => Promise<ExternalId>;
}
