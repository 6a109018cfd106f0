/**
 * A deep copy of what a store keeps: plain data, whose keys are the hub's own. Every decision works on one, and
 * structuredClone costs several times as much.
 */
export function copyOf<Data>(value: Data): Data {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyOf) as Data;
  const copy: Record<string, unknown> = {};
  for (const [key, each] of Object.entries(value)) copy[key] = copyOf(each);
  return copy as Data;
}
