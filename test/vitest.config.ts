import { defineConfig } from 'vitest/config';
import { SecretNames } from './architecture/secret-names.ts';

export default defineConfig({
  test: {
    root: new URL('..', import.meta.url).pathname,
    include: ['test/**/*.test.ts'],
    exclude: ['test/browser/**', 'node_modules/**'],
    reporters: ['default', new SecretNames()],
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
