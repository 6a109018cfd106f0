import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'vite';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What .gitignore keeps out, and git's own. */
export const IGNORED = [
  '.git',
  ...readFileSync(join(ROOT, '.gitignore'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/\/$/, '')),
];

function walk(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (IGNORED.includes(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? walk(path) : [relative(ROOT, path)];
  });
}

export const files = walk(ROOT).sort();
export const sources = files.filter((path) => /\.tsx?$/.test(path));
export const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

export interface Import {
  readonly from: string;
  /** A path relative to the root where it is one of ours, else the package's name; `node:…` stays. */
  readonly to: string;
  readonly isOurs: boolean;
  /** Erased before anything runs. */
  readonly isType: boolean;
}

/** Every import of a file: static, re-exported, dynamic with a literal, and inside types. */
export function importsOf(path: string, text: string = textOf(path)): readonly Import[] {
  const { module, program } = parseSync(path, text);
  const statics = module.staticImports.map(({ moduleRequest, entries }) => ({
    request: moduleRequest.value,
    isType: entries.length > 0 && entries.every((entry) => entry.isType),
  }));
  const passed = module.staticExports.flatMap(({ entries }) =>
    entries.flatMap(({ moduleRequest, isType }) =>
      moduleRequest ? [{ request: moduleRequest.value, isType }] : [],
    ),
  );
  const dynamic = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const literal = /^['"`]([^'"`$]+)['"`]$/.exec(text.slice(start, end))?.[1];
    return literal === undefined ? [] : [{ request: literal, isType: false }];
  });
  return [...statics, ...passed, ...dynamic, ...typeImports(program)].map(({ request, isType }) => ({
    from: path,
    isType,
    ...resolved(path, request),
  }));
}

/** `import('./x.ts').Name` in a type has no entry in the module record. */
function typeImports(node: unknown): { request: string; isType: true }[] {
  if (typeof node !== 'object' || node === null) return [];
  const found = Object.values(node).flatMap(typeImports);
  if ((node as { type?: unknown }).type !== 'TSImportType') return found;
  const { source } = node as { source?: { value?: string } };
  return source?.value === undefined ? found : [...found, { request: source.value, isType: true }];
}

function resolved(from: string, request: string): Pick<Import, 'to' | 'isOurs'> {
  if (request.startsWith('.')) return { to: normalize(join(dirname(from), request)), isOurs: true };
  const isBuiltin = request.startsWith('node:') || builtinModules.includes(request);
  if (isBuiltin) return { to: request, isOurs: false };
  const parts = request.split('/');
  return { to: parts.slice(0, request.startsWith('@') ? 2 : 1).join('/'), isOurs: false };
}

export const imports: readonly Import[] = sources.flatMap((path) => importsOf(path));
