import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runStep, type Step } from '../../../bin/build/step.ts';
import { projectOf } from './place.ts';

function counted(inputs: readonly string[], more: Partial<Step<number>> = {}) {
  const state = { runs: 0 };
  const step: Step<number> = {
    name: 'count',
    request: ['a'],
    isWhole: () => true,
    run: async () => ({ inputs, result: ++state.runs }),
    ...more,
  };
  return step;
}

describe('a build step', () => {
  it('runs once while nothing changes, and gives what it gave', async () => {
    const project = projectOf({ 'a.ts': '1' });
    const step = counted(['a.ts']);

    expect(await runStep(project, step)).toEqual({ isFresh: true, result: 1 });
    expect(await runStep(project, step)).toEqual({ isFresh: false, result: 1 });
  });

  it.each([
    ['an input', 'a.ts'],
    ['the lockfile, which stands for every package', 'package-lock.json'],
    ['the compiler settings', 'tsconfig.json'],
  ])('runs again when %s changes', async (_, path) => {
    const project = projectOf({ 'a.ts': '1' });
    const step = counted(['a.ts']);
    await runStep(project, step);

    project.write(path, '2');

    expect(await runStep(project, step)).toEqual({ isFresh: true, result: 2 });
  });

  it('runs again when an input is gone, is asked for something else, or when what it made is gone', async () => {
    const project = projectOf({ 'a.ts': '1' });
    const step = counted(['a.ts']);
    await runStep(project, step);

    expect((await runStep(project, { ...step, request: ['b'] })).isFresh).toBe(true);
    expect((await runStep(project, { ...step, request: ['b'], isWhole: () => false })).isFresh).toBe(true);
    rmSync(join(project.root, 'a.ts'));
    expect((await runStep(project, { ...step, request: ['b'] })).isFresh).toBe(true);
  });

  it('is not fooled by a package’s own files, nor by a record that was cut off', async () => {
    const project = projectOf({ 'a.ts': '1', 'node_modules/p/index.js': '1' });
    const step = counted(['a.ts', 'node_modules/p/index.js', 'disabled:node:fs']);
    await runStep(project, step);

    project.write('node_modules/p/index.js', '2');
    expect((await runStep(project, step)).isFresh).toBe(false);
    writeFileSync(join(project.outDir, 'count.json'), '{"request":["a"],"inp');
    expect((await runStep(project, step)).isFresh).toBe(true);
  });
});
