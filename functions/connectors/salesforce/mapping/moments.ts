/** The vendor's stamps are whole seconds: a change is at most this much later than its stamp. */
const SECOND_END_MS = 999;

export function millisOf(moment: string | number | null | undefined): number | undefined {
  if (typeof moment === 'number') return moment;
  const parsed = Date.parse(moment ?? '');
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The latest a change with this stamp can have been made, by the vendor's own clock. */
export const upperBoundMs = (stampMs: number): number => stampMs + SECOND_END_MS;

/** Sorts comments as a case shows them: by creation, then by id. */
export const orderOf = (createdMs: number | undefined, id: string): string =>
  `${new Date(createdMs ?? 0).toISOString()} ${id}`;
