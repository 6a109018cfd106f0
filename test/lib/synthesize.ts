import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AppOptions, buildApp } from '../../bin/hub.ts';

const folder = mkdtempSync(join(tmpdir(), 'deskbridge-synth-'));

/** The stack's intent does not depend on what the functions contain: each gets an empty handler. */
export function emptyBundle({ name }: { readonly name: string }): string {
  const bundle = join(folder, name);
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'index.mjs'), `export const handler = async () => '${name}';\n`);
  return bundle;
}

export const synthesize = (options: AppOptions = {}) => {
  const app = buildApp({
    bundleOf: emptyBundle,
    outdir: mkdtempSync(join(tmpdir(), 'deskbridge-out-')),
    ...options,
  });
  return { app, assembly: app.synth() };
};
