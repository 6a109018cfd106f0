import type { Seen } from '../../../shared/sync/merge.ts';

export const version = (value: number) => ({ source: 'desk', value });
/** A state of 60 seconds at version 6, by nobody the vendor names. */
export const seen = (fields: Seen['fields'], more: Partial<Seen> = {}): Seen => ({
  fields,
  authorship: 'unknown',
  version: version(6),
  atMs: 60_000,
  ...more,
});
