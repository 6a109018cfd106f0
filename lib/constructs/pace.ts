import type { Stage } from '../stage.ts';

/** What customers wait for, and what gives way to it. */
export type Pace = keyof Stage['concurrency'];

/** On each queue with a consumer: a bill tells them apart by it, and the local hub whose functions share a processor. */
export const PACE_TAG = 'deskbridge:pace';
