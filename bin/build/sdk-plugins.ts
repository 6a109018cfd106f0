import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** Each client of the SDK bundles its whole `package.json` for the sake of its version. */
export const versionsAlone: Plugin = {
  name: 'versions alone',
  setup: ({ onLoad }) =>
    onLoad({ filter: /@aws-sdk[\\/]client-[a-z0-9-]+[\\/]package\.json$/ }, async ({ path }) => {
      const { name, version } = JSON.parse(await readFile(path, 'utf8')) as Record<string, string>;
      return { contents: JSON.stringify({ name, version }), loader: 'json' };
    }),
};

const SCHEMA = /^((?:export )?var [\w$]+ = )(\[[^;]*\]);$/gm;

/**
 * A client describes every shape and operation of its service in one file, by constants as keys, which might do
 * something for all that esbuild knows: so it keeps them all. Said to be pure, those that no command asks for go.
 */
export const schemasAsked: Plugin = {
  name: 'schemas asked for',
  setup: ({ onLoad }) =>
    onLoad(
      { filter: /@aws-sdk[\\/]client-[a-z0-9-]+[\\/].*[\\/]schemas[\\/]schemas_\d+\.js$/ },
      async ({ path }) => ({
        contents: (await readFile(path, 'utf8')).replace(SCHEMA, '$1/* @__PURE__ */ (() => $2)();'),
        loader: 'js',
      }),
    ),
};
