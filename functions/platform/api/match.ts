import type { AnyRoute } from './call.ts';

export type Matched<Route extends AnyRoute> =
  | { readonly found: 'route'; readonly route: Route; readonly path: Readonly<Record<string, string>> }
  | { readonly found: 'path'; readonly allow: readonly string[] }
  | { readonly found: 'nothing' };

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}

function parametersOf(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const seen = path.split('/');
  if (wanted.length !== seen.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    const value = name === undefined ? seen[index] : decode(seen[index] as string);
    if (name === undefined ? value !== part : !value) return undefined;
    if (name !== undefined) parameters[name] = value as string;
  }
  return parameters;
}

export function match<Route extends AnyRoute>(
  routes: readonly Route[],
  method: string,
  path: string,
): Matched<Route> {
  const allow: string[] = [];
  for (const route of routes) {
    const parameters = parametersOf(route.path, path);
    if (parameters === undefined) continue;
    if (route.method === method) return { found: 'route', route, path: parameters };
    allow.push(route.method);
  }
  return allow.length > 0 ? { found: 'path', allow } : { found: 'nothing' };
}
