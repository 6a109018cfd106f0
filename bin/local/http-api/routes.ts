export interface Route<Target> {
  /** `METHOD /path/{parameter}`, `ANY …`, or `$default`. */
  readonly key: string;
  readonly target: Target;
}

export interface Match<Target> {
  readonly route: Route<Target>;
  readonly pathParameters: Readonly<Record<string, string>>;
}

interface Candidate<Target> extends Match<Target> {
  /** Lower is tried first. */
  readonly rank: readonly number[];
}

/**
 * The route an HTTP API picks: literal before parameter before greedy, a named method before ANY,
 * `$default` last. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
 */
export function matchRoute<Target>(
  routes: readonly Route<Target>[],
  method: string,
  path: string,
): Match<Target> | undefined {
  const candidates = routes
    .map((route) => candidateOf(route, method, path))
    .filter((candidate) => candidate !== undefined);
  return candidates.sort((left, right) => compareRanks(left.rank, right.rank))[0];
}

function candidateOf<Target>(
  route: Route<Target>,
  method: string,
  path: string,
): Candidate<Target> | undefined {
  if (route.key === '$default') return { route, pathParameters: {}, rank: [9] };
  const [routeMethod = '', routePath = ''] = route.key.split(' ');
  if (routeMethod !== 'ANY' && routeMethod !== method) return undefined;
  const found = matchPath(segmentsOf(routePath), segmentsOf(path));
  if (found === undefined) return undefined;
  return { route, pathParameters: found.parameters, rank: [...found.rank, routeMethod === 'ANY' ? 1 : 0] };
}

function matchPath(
  pattern: readonly string[],
  path: readonly string[],
): { parameters: Record<string, string>; rank: number[] } | undefined {
  const parameters: Record<string, string> = {};
  const rank: number[] = [];
  for (const [index, expected] of pattern.entries()) {
    const seen = path[index];
    const name = expected.match(/^\{(.+?)(\+?)\}$/);
    if (seen === undefined) return undefined;
    // A greedy parameter takes in an empty rest, `/console/`; any other wants a value.
    if (name?.[2] === '+') {
      parameters[name[1] ?? ''] = path.slice(index).map(decode).join('/');
      return { parameters, rank: [...rank, 2] };
    }
    if (name !== null && seen === '') return undefined;
    if (name === null && expected !== seen) return undefined;
    if (name !== null) parameters[name[1] ?? ''] = decode(seen);
    rank.push(name === null ? 0 : 1);
  }
  return path.length === pattern.length ? { parameters, rank } : undefined;
}

function compareRanks(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const difference = (left[index] ?? -1) - (right[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function segmentsOf(path: string): string[] {
  return path.split('/').slice(1);
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
