import { ConflictError } from '../errors.ts';
import { MAX_CONFLICTS } from './timing.ts';

/** Decides anew, from what is there by then, as often as somebody was quicker; within bounds. */
export async function untilSettled<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ConflictError) || attempt >= MAX_CONFLICTS) throw error;
    }
  }
}
