import { defineConfig } from 'vitest/config';

/** The tests of the decisions alone: what the simulation would catch besides is not counted. */
export default defineConfig({
  test: {
    root: new URL('../..', import.meta.url).pathname,
    isolate: false,
    fileParallelism: false,
    include: ['test/shared/sync/**/*.test.ts', 'test/shared/domain/**/*.test.ts'],
    // Stories of thousands of comments: seconds for each mutant they cover.
    exclude: ['test/shared/sync/long-values/ticket.test.ts', 'test/shared/sync/long-conversation.test.ts'],
  },
});
