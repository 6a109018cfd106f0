import { readdirSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { tests } from './suite.mjs';

const TESTS = ['test/shared/sync', 'test/shared/domain'];
/** Stories of thousands of comments: seconds for each mutant they cover. */
const SLOW = ['long-values/ticket.test.ts', 'long-conversation.test.ts'];
/** Where Stryker's instrumented code looks for the mutant that is active, and notes what it ran through. */
const stryker = {};
globalThis.__stryker__ = stryker;
/** What runs through a mutant so many times as often as through the code itself never ends. */
const ENDLESS = 20;
const [SUCCESS, FAILED] = [0, 1];

/**
 * Runs the tests of the decisions for Stryker in one process that loads them once: what a mutant costs is the tests
 * that cover it, a few milliseconds. Starting a test framework for each would cost a hundred times as much.
 */
class InOneProcess {
  #byId = new Map();

  capabilities() {
    return { reloadEnvironment: false };
  }

  async init() {
    const suite = new URL('./suite.mjs', import.meta.url).href;
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === 'vitest' && context.parentURL !== suite
          ? { url: suite, shortCircuit: true }
          : next(specifier, context),
    });
    // What a failed test leaves behind fails later, for nobody.
    process.on('unhandledRejection', () => undefined);
    for (const file of TESTS.flatMap(testsIn)) {
      const known = tests.length;
      await import(pathToFileURL(resolve(file)).href);
      for (const [at, test] of tests.slice(known).entries())
        this.#byId.set(`${file}#${at} ${test.name}`, { ...test, file });
    }
  }

  async dryRun() {
    const results = [];
    for (const [id, { name, file, run }] of this.#byId) {
      stryker.currentTestId = id;
      results.push({ id, name, fileName: resolve(file), ...(await resultOf(run)) });
      stryker.currentTestId = undefined;
    }
    return { status: 'complete', tests: results, mutantCoverage: stryker.mutantCoverage };
  }

  async mutantRun({ activeMutant, testFilter = [...this.#byId.keys()], hitLimit, mutantActivation }) {
    if (mutantActivation === 'static') throw new TypeError('what runs at import alone is not measured');
    let nrOfTests = 0;
    try {
      for (const id of testFilter) {
        nrOfTests += 1;
        const hits = stryker.mutantCoverage?.perTest[id]?.[activeMutant.id];
        const limit = hits === undefined ? hitLimit : 1_000 + ENDLESS * hits;
        Object.assign(stryker, { activeMutant: activeMutant.id, hitCount: 0, hitLimit: limit });
        const { status, failureMessage } = await resultOf(this.#byId.get(id).run);
        if (stryker.hitCount > limit) return { status: 'timeout', reason: `more than ${limit} times` };
        if (status === FAILED) return { status: 'killed', killedBy: [id], failureMessage, nrOfTests };
      }
      return { status: 'survived', nrOfTests };
    } finally {
      // So that nothing of it goes on under the next one.
      await new Promise((done) => setImmediate(done));
      stryker.activeMutant = undefined;
    }
  }
}

const testsIn = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith('.test.ts') && !SLOW.includes(name))
    .map((name) => `${folder}/${name}`)
    .sort();

async function resultOf(run) {
  const startedMs = performance.now();
  try {
    await run();
    return { status: SUCCESS, timeSpentMs: performance.now() - startedMs };
  } catch (error) {
    const failureMessage = error instanceof Error ? error.message : String(error);
    return { status: FAILED, failureMessage, timeSpentMs: performance.now() - startedMs };
  }
}

export const strykerPlugins = [{ kind: 'TestRunner', name: 'in-one-process', injectableClass: InOneProcess }];
