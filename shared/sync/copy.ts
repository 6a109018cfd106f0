/**
 * A deep copy of what a store keeps: plain data, whose keys are the hub's own. Every decision works on one, and
 * structuredClone costs several times as much.
 */
export function copyOf<Data>(value: Data): Data {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Data;
  const copy = { ...value } as Record<string, unknown>;
  for (const key in copy) {
    const each = copy[key];
    // Stryker disable next-line ConditionalExpression: the way round copying what is its own copy
    if (typeof each === 'object') copy[key] = copyOf(each);
  }
  return copy as Data;
}

/** Whether two pieces of such data say the same; isDeepStrictEqual costs several times as much. */
export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  let members = 0;
  for (const name in one) {
    members += 1;
    const a = (one as Record<string, unknown>)[name];
    const b = (other as Record<string, unknown>)[name];
    if (!isSame(a, b) || !Object.hasOwn(other, name)) return false;
  }
  return members === Object.keys(other).length;
}
