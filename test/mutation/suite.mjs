import { expect } from 'vitest';

/** What the tests of decisions take from vitest, for a process that holds them all and runs any of them at once. */
export { expect };

/** Every test defined so far. */
export const tests = [];
const OUTERMOST = { name: '', before: [] };
let around = OUTERMOST;

export function describe(name, define) {
  const outside = around;
  around = { name: `${outside.name}${name} › `, before: [...outside.before] };
  define();
  around = outside;
}

export function beforeEach(prepare) {
  around.before.push(prepare);
}

export function it(name, run) {
  const { name: suite, before } = around;
  tests.push({
    name: `${suite}${name}`,
    run: async () => {
      for (const prepare of before) await prepare();
      await run();
    },
  });
}

it.each = (rows) => (name, run) => {
  for (const [at, row] of rows.entries())
    it(`${name} (${at + 1})`, () => (Array.isArray(row) ? run(...row) : run(row)));
};
