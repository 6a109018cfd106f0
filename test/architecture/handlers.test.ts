import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { allFunctions } from '../../lib/functions.ts';
import { importsOf, sources, textOf } from './sources.ts';

/** An entry is one line: `export const handler = make(…)`. Gives the maker and the file it comes from. */
function makerOf(entry: string): { readonly name: string; readonly file: string } {
  const text = textOf(entry);
  const name = /^export const handler = (\w+)\(/m.exec(text)?.[1] ?? '';
  const from = new RegExp(`import \\{[^}]*\\b${name}\\b[^}]*\\} from '([^']+)'`).exec(text)?.[1] ?? '';
  return { name, file: normalize(join(dirname(entry), from)) };
}

/** The text of one exported function, up to the next export. */
const bodyOf = (file: string, name: string): string =>
  textOf(file)
    .split(/^export /m)
    .find((part) => part.startsWith(`function ${name}`)) ?? '';

describe('every handler', () => {
  it.each(allFunctions().map(({ entry }) => entry))('%s is wrapped by middy', (entry) => {
    const { name, file } = makerOf(entry);

    expect(importsOf(file).map(({ to }) => to)).toContain('@middy/core');
    expect(bodyOf(file, name)).toMatch(/\bmiddy(<[^(]*>)?\(/);
  });
});

describe('every metric', () => {
  const runtime = sources.filter((path) => /^(functions|shared)\//.test(path));

  it('is made by Powertools, in the one adapter that may', () => {
    const makers = runtime.filter((path) =>
      importsOf(path).some(({ to, isType }) => to === '@aws-lambda-powertools/metrics' && !isType),
    );

    expect(makers).toEqual(['shared/adapters/aws/telemetry.ts']);
  });

  it('is nowhere written by hand', () => {
    expect(runtime.filter((path) => /\b_aws\b|CloudWatchMetrics/.test(textOf(path)))).toEqual([]);
  });
});
