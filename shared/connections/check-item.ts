import type { Connection } from '../ports/index.ts';
import { CHECKS, checkKey } from './keys.ts';
import type { Check } from './state.ts';

/** How often somebody looks whether a connection should be asked, and how soon a failing link is asked again. */
export const LOOK_EVERY_MS = 10 * 60_000;

/** The item that keeps a connection in the list of those to look at; made with it and removed with it. */
export function checkItem(
  { organization, id }: Connection,
  { dueAtMs, checkedAtMs, pulse }: { readonly dueAtMs: number } & Pick<Check, 'checkedAtMs' | 'pulse'>,
) {
  const data: Check = { organization, connection: id, checkedAtMs, ...(pulse && { pulse }) };
  return { ...checkKey(organization, id), data, due: { list: CHECKS, atMs: dueAtMs } };
}
