import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { files, textOf } from './sources.ts';

const OWN = 'test/architecture/tests.test.ts';
const tests = files.filter((path) => /^test\/.*\.test\.tsx?$/.test(path) && path !== OWN);
const known = new Set(files.flatMap((path) => [path, ...ancestors(path)]));

function ancestors(path: string): string[] {
  const folder = dirname(path);
  return folder === '.' ? [] : [folder, ...ancestors(folder)];
}

/** `test/shared/http/receive.test.ts` stands for `shared/http/receive.ts`, or for a part of what is there. */
function hasSource(test: string): boolean {
  const source = test.replace(/^test\//, '').replace(/\.test\.tsx?$/, '');
  return [`${source}.ts`, `${source}.tsx`, source, dirname(source)].some((path) => known.has(path));
}

describe('tests', () => {
  it('of bin, lib, functions and shared stand where their source stands', () => {
    const mirrored = tests.filter((path) => /^test\/(bin|lib|functions|shared)\//.test(path));

    expect(mirrored.filter((path) => !hasSource(path))).toEqual([]);
  });

  it('never mock our own modules', () => {
    const mocking = tests.filter((path) => /\bvi\.(mock|doMock|hoisted)\(/.test(textOf(path)));

    expect(mocking).toEqual([]);
  });

  it('are never switched off, narrowed or left for later', () => {
    const off = /\b(describe|it|test)(\.\w+)*\.(skip|only|todo|fails)\b|\b(xit|xdescribe|fit|fdescribe)\(/;

    expect(tests.filter((path) => off.test(textOf(path)))).toEqual([]);
  });
});
