import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { SecretNames } from './architecture/secret-names.ts';
import { LongestFirst } from './sequence.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'node_modules/**'],
    reporters: ['default', new SecretNames()],
    sequence: { sequencer: LongestFirst },
    // Journeys wait most of their time, and the simulation steps back: one file more than there are cores.
    maxWorkers: availableParallelism() + 1,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['bin/**/*.ts', 'lib/**/*.ts', 'functions/**/*.ts', 'shared/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: { lines: 85, branches: 85 },
    },
  },
});
