import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import { catalog } from '../../functions/catalog.ts';
import { type FunctionEntry, functionsOf } from '../../lib/functions.ts';
import { filesUnder, replaceFile } from './files.ts';
import { schemasAsked, versionsAlone } from './sdk-plugins.ts';
import type { Place, Step } from './step.ts';
import { checkVerifiers } from './verifiers.ts';

const file = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const unused = file('./unused.ts');

/** What packages bring along and the hub has already, never asks for, or is handed over by Lambda. */
const STAND_INS = {
  undici: file('./undici.ts'),
  'form-data': unused,
  xml2js: unused,
  'csv-parse': unused,
  'csv-parse/sync': unused,
  'csv-stringify': unused,
  'csv-stringify/sync': unused,
  '@sindresorhus/is': file('./body-types.ts'),
  'decode-named-character-reference': file('./character-references.ts'),
  '@smithy/core/event-streams': file('./sdk.ts'),
  '@aws-sdk/endpoint-cache': file('./sdk.ts'),
  '@aws-sdk/signature-v4-multi-region': file('./sdk.ts'),
  '@aws-sdk/credential-provider-node': file('../../shared/adapters/aws/credential-provider.ts'),
};

/**
 * Names are not kept: that is a fifteenth of a worker, a call for each function while importing and for each closure
 * while running. A library that reads constructor names (oidc-provider does) asks for a build of its own.
 */
export const BUNDLE_SETTINGS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  legalComments: 'none',
  alias: STAND_INS,
  plugins: [versionsAlone, schemasAsked],
  outExtension: { '.js': '.mjs' },
  metafile: true,
  write: false,
  logLevel: 'silent',
  banner: {
    js: "import { createRequire as __createRequire } from 'node:module';const require = __createRequire(import.meta.url);",
  },
} as const satisfies BuildOptions;

/** Bytes of each function's bundle. */
export type Sizes = Readonly<Record<string, number>>;

/** All functions in one run: they share nearly every input, so this costs little more than one of them. */
export function bundleStep({ root, outDir }: Place, functions: readonly FunctionEntry[]): Step<Sizes> {
  return {
    name: 'functions',
    request: functions,
    isWhole: () => functions.every(({ name }) => existsSync(join(outDir, name, 'index.mjs'))),
    run: async () => {
      const names = functions.map(({ name }) => name);
      const reached = catalog.filter((manifest) => names.includes(`${functionsOf(manifest).inbound?.name}`));
      const verifiers = await checkVerifiers(root, reached);
      const result = await build({
        ...BUNDLE_SETTINGS,
        absWorkingDir: root,
        entryPoints: Object.fromEntries(functions.map(({ name, entry }) => [`${name}/index`, entry])),
        outdir: outDir,
      });
      const beside = await isolatesFor(root, result.metafile);
      const files = [
        ...result.outputFiles,
        ...beside.files.map((each) => ({ ...each, path: join(outDir, each.path) })),
      ];
      await Promise.all(files.map((file) => replaceFile(file.path, file.contents)));
      const builders = await filesUnder(root, 'bin/build');
      return {
        inputs: [...Object.keys(result.metafile.inputs), ...beside.inputs, ...verifiers, ...builders],
        result: Object.fromEntries(
          result.outputFiles.map(({ path, contents }) => [basename(dirname(path)), contents.byteLength]),
        ),
      };
    },
  };
}

const ASKS = 'shared/mapping/expressions/evaluate.ts';
const ISOLATE = 'shared/mapping/expressions/isolate.ts';

/** The thread for expressions, as a file of its own beside each function that may start it: it costs the others nothing. */
async function isolatesFor(root: string, { outputs }: Metafile) {
  const askers = Object.entries(outputs).filter(([, { inputs }]) => ASKS in inputs);
  if (askers.length === 0) return { files: [], inputs: [] };
  const { outputFiles, metafile } = await build({
    ...BUNDLE_SETTINGS,
    absWorkingDir: root,
    entryPoints: [ISOLATE],
    outdir: '.build',
  });
  const contents = outputFiles[0]!.contents;
  const files = askers.map(([path]) => ({ path: join(basename(dirname(path)), 'isolate.mjs'), contents }));
  return { files, inputs: Object.keys(metafile.inputs) };
}
