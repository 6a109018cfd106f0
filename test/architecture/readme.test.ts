import { describe, expect, it } from 'vitest';
import { withCapabilities } from '../../bin/capabilities.ts';
import { catalog } from '../../functions/catalog.ts';
import { files, textOf } from './sources.ts';

const readme = textOf('README.md');

describe('the README', () => {
  it('shows what the manifests declare (node bin/capabilities.ts --write)', () => {
    expect(withCapabilities(readme, catalog)).toBe(readme);
  });

  it('links only to files that are there', () => {
    const targets = [...readme.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, path]) => path as string);

    expect(
      targets.filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`))),
    ).toEqual([]);
  });

  it('names only scripts that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm run ([\w:]+)/g)].map(([, name]) => name as string);

    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});
