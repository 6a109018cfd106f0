import { constants, setPriority } from 'node:os';

/**
 * For the process of a test file, and the workers it starts from here on: histories have a clock of their own, while
 * journeys and whatever else runs beside them keep to real time, and are served first.
 */
export function stepBack(): void {
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
}

/** Nothing but a net: how long histories take is for the machine, and whatever else it has to do, to say. */
export const PATIENCE_MS = 1_200_000;
