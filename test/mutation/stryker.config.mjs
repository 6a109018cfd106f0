import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const SYNC = 'shared/sync';

/**
 * A decision is what neither awaits nor promises; the hands that carry it out are the simulation's and contracts' to
 * prove. An index decides nothing: it puts them together.
 */
const isDecision = (file) =>
  basename(file) !== 'index.ts' && !/\b(async|await|Promise)\b/.test(readFileSync(file, 'utf8'));

const decisions = readdirSync(SYNC, { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => `${SYNC}/${name}`)
  .filter(isDecision)
  .sort();

/** Mutants of every decision: `npm run mutate`, or `npm run mutate -- --mutate shared/sync/merge.ts` for one file. */
export default {
  mutate: ['shared/domain/**/*.ts', ...decisions],
  // TypeScript 7 has no JavaScript interface for Stryker to read a tsconfig with; none is needed, types are stripped.
  tsconfigFile: 'test/mutation/none.json',
  plugins: ['./test/mutation/runner.mjs'],
  testRunner: 'in-one-process',
  coverageAnalysis: 'perTest',
  ignoreStatic: true,
  concurrency: 1,
  incremental: true,
  incrementalFile: '.deskbridge/mutation/incremental.json',
  tempDirName: '.deskbridge/mutation/sandbox',
  reporters: ['clear-text', 'json'],
  jsonReporter: { fileName: '.deskbridge/mutation/report.json' },
  clearTextReporter: { logTests: false, allowColor: false, reportTests: false, reportMutants: true },
  cleanTempDir: 'always',
};
