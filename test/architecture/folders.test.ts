import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files, IGNORED, ROOT, sources, textOf } from './sources.ts';

const FOLDERS = ['bin', 'lib', 'functions', 'shared', 'test'];
const ENTRIES = ['package.json', 'cdk.json', 'README.md'];
/** What tools force on us. */
const FORCED = ['package-lock.json', 'tsconfig.json', 'biome.json', '.npmrc', '.gitignore', '.ci'];

describe('the root', () => {
  it('holds its eight entries and what tools force on it', () => {
    const found = readdirSync(ROOT).filter((name) => !IGNORED.includes(name));
    const expected = [...FOLDERS, ...ENTRIES, ...FORCED];

    expect(found.filter((name) => !expected.includes(name))).toEqual([]);
    expect([...FOLDERS, ...ENTRIES].filter((name) => !found.includes(name))).toEqual([]);
  });

  it('keeps in bin, lib and functions only what starts there', () => {
    const loose = files.filter((path) => /^(bin|lib|functions|shared)\/[^/]+$/.test(path));

    expect(loose.sort()).toEqual([
      'bin/backfill.ts',
      'bin/build.ts',
      'bin/capabilities.ts',
      'bin/hub.ts',
      'bin/local.ts',
      'bin/start.mjs',
      'functions/adapters.ts',
      'functions/catalog.ts',
      'functions/mappings.ts',
      'lib/functions.ts',
      'lib/hub.ts',
      'lib/stage.ts',
      'shared/errors.ts',
    ]);
  });
});

describe('names', () => {
  it('never say that a thing is not understood', () => {
    const folders = new Set(files.flatMap((path) => path.split('/').slice(0, -1)));
    const stems = new Set(files.map((path) => basename(path).split('.')[0] as string));

    expect([...folders].filter((name) => /^(utils?|helpers?|common|services?|misc)$/.test(name))).toEqual([]);
    expect([...stems].filter((name) => /^(utils?|helpers?|common|misc|managers?)$/.test(name))).toEqual([]);
  });

  it('are kebab-case in source', () => {
    const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+)*\.tsx?$/;

    expect(sources.filter((path) => !name.test(basename(path)))).toEqual([]);
  });
});

/** Longer than 300 lines for a reason; a file that has become shorter leaves this list. */
const LONG: Readonly<Record<string, string>> = {};

describe('sizes', () => {
  const lines = (path: string) => textOf(path).trimEnd().split('\n').length;

  it('stay under 300 lines a file, but for those with a reason', () => {
    const long = sources.filter((path) => lines(path) > 300).map((path) => `${path}: ${lines(path)}`);

    expect(long.filter((entry) => !(entry.split(':')[0]! in LONG))).toEqual([]);
  });

  it('have no reason left over from a file that is short again or gone', () => {
    expect(Object.keys(LONG).filter((path) => !sources.includes(path) || lines(path) <= 300)).toEqual([]);
  });
});

const FOREIGN: readonly [string, RegExp][] = [
  ['a package registry', /registry\.(npmjs|yarnpkg|npmmirror)|npm\.pkg\.github|\b(artifactory|verdaccio)\b/i],
  ['a path of one machine', /(?<![\w.:-])\/(work|home|root|Users)\/\w/],
  ['a resolved address in the lockfile', /"resolved": "https?:/],
];

describe('no file names', () => {
  const text = files.filter((path) => !/\.(png|woff2?|ico|jpe?g|gif|zip|jar)$/.test(path));

  it.each(FOREIGN)('%s', (_, pattern) => {
    const own = 'test/architecture/folders.test.ts';

    expect(text.filter((path) => path !== own && pattern.test(textOf(path)))).toEqual([]);
  });
});
