import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../../shared/errors.ts';
import { buildFunctions } from '../build.ts';
import { takeLock } from './process-lock.ts';
import { readAssembly, type Stack } from './template/assembly.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const cache = join(root, '.cache', 'local');
/** A build from nothing on a slow machine, and then some. */
const buildTimeoutMs = 180_000;

/** The stacks of the stage `local` with their bundles; built and synthesized again only where something changed. */
export async function synthesizeLocal(): Promise<readonly Stack[]> {
  const lock = takeLock(join(cache, 'lock.db'), buildTimeoutMs);
  if (lock === undefined) throw new ConfigurationError('another build has been under way for three minutes');
  try {
    await buildFunctions();
    const directory = join(cache, assemblyHash());
    if (!existsSync(directory)) await synthesizeInto(directory);
    return readAssembly(directory);
  } finally {
    lock.release();
  }
}

async function synthesizeInto(directory: string): Promise<void> {
  const draft = `${directory}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  // The CDK takes seconds to load; a hub whose templates have not changed goes without.
  const { buildApp } = await import('../hub.ts');
  buildApp({ stage: 'local', outdir: draft }).synth();
  renameSync(draft, directory);
  forgetOthers(directory);
}

/** A running hub of the last few versions still reads its bundles from here. */
const keptAssemblies = 4;

function forgetOthers(directory: string): void {
  const older = readdirSync(cache, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && join(cache, entry.name) !== directory)
    .map((entry) => join(cache, entry.name))
    .sort((left, right) => modifiedMs(right) - modifiedMs(left));
  for (const path of older.slice(keptAssemblies)) rmSync(path, { recursive: true, force: true });
}

function modifiedMs(path: string): number {
  return statSync(path).mtimeMs;
}

/** Of everything a template is made from: stack code, manifests, settings and the bundles themselves. */
function assemblyHash(): string {
  const hash = createHash('sha256');
  for (const path of templateInputs()) hash.update(path).update(readFileSync(path));
  return hash.digest('hex').slice(0, 16);
}

function templateInputs(): string[] {
  const under = (folder: string, wanted: RegExp): string[] =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && wanted.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name));
  return [
    ...under('lib', /\.ts$/),
    ...under('functions', /^(manifest|catalog)\.ts$/),
    ...under('.build', /\.(mjs|html|css|js)$/),
    join(root, 'bin', 'hub.ts'),
    join(root, 'cdk.json'),
    join(root, 'package-lock.json'),
  ].sort();
}
