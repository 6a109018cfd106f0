import type { Fields, MappedKind } from '../domain/record.ts';
import type { RemoteChange, WriteOutcome } from './integration.ts';
import type { Observation } from './mapping.ts';

export type RootCreation = Extract<RemoteChange, { kind: MappedKind; operation: 'create' }>;
export type Creation = Extract<RemoteChange, { kind: MappedKind | 'comment'; operation: 'create' }>;

/** A vendor's calls for many objects at once, each of which fares by itself. Present where the manifest declares it. */
export interface Together {
  /**
   * As `write`, for so many of one kind as the manifest says, in one call; an outcome for each, in their order. Never
   * throws for a vendor's failure.
   */
  create(changes: readonly Creation[]): Promise<readonly WriteOutcome[]>;
  /** As `match`, for each of them in their order. Throws as `read`. */
  match(kind: MappedKind, all: readonly Fields[]): Promise<readonly (Observation | undefined)[]>;
}
