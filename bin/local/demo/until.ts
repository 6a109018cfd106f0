/** What was waited for did not come to be. */
export class DidNotHappen extends Error {
  constructor(what: string, withinMs: number) {
    super(`${what}: not within ${withinMs} ms`);
    this.name = 'DidNotHappen';
  }
}

const everyMs = 20;

/** Looks until `look` gives something. @throws DidNotHappen at the deadline. */
export async function until<Found>(
  what: string,
  look: () => Promise<Found | undefined>,
  withinMs = 20_000,
): Promise<Found> {
  const deadlineMs = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadlineMs) throw new DidNotHappen(what, withinMs);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** @throws DidNotHappen at once when the condition does not hold. */
export function hold(what: string, isTrue: boolean): void {
  if (!isTrue) throw new DidNotHappen(what, 0);
}
