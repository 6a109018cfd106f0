import { HubError } from '../errors.ts';

/**
 * What becomes of the queue message whose handling failed. It is never deleted: it comes back after its
 * visibility timeout, and after its last receive it lands in the dead-letter queue and is parked from there.
 */
export interface QueueAction {
  readonly action: 'return';
  /** `error` is for somebody to look at; `warn` is expected to mend itself. */
  readonly level: 'warn' | 'error';
}

/** The only place that turns a reaction into a queue action; the engine has parked what it could by itself. */
export function react(error: unknown): QueueAction {
  const isPassing = error instanceof HubError && (error.reaction === 'retry' || error.code === 'conflict');
  return { action: 'return', level: isPassing ? 'warn' : 'error' };
}
