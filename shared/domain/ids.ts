/** Branded ids: a string that has been told what it names. Cast once, where it enters the hub. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

export type OrganizationId = Id<'organization'>;
export type ConnectionId = Id<'connection'>;
export type RecordId = Id<'record'>;
/** The vendor's id for one object, in the one canonical spelling its mapping chose. */
export type ExternalId = Id<'external'>;
export type InboxId = Id<'inbox'>;
export type WakeId = Id<'wake'>;
export type JobId = Id<'job'>;
