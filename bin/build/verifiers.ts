import { build } from 'esbuild';
import { integrationFolder } from '../../lib/functions.ts';
import { ConfigurationError } from '../../shared/errors.ts';
import type { Manifest } from '../../shared/ports/index.ts';

/**
 * A webhook anyone may write to must not exist: the verifier a manifest names is exported by its authenticity
 * file. Gives the files it has looked at.
 * @throws ConfigurationError otherwise, and the build ends there.
 */
export async function checkVerifiers(
  root: string,
  manifests: readonly Manifest[],
): Promise<readonly string[]> {
  const open = manifests.filter(({ webhook }) => webhook !== undefined);
  return Promise.all(open.map((manifest) => checkVerifier(root, manifest)));
}

async function checkVerifier(root: string, manifest: Manifest): Promise<string> {
  const verifier = manifest.webhook?.verifier ?? '';
  const file = `${integrationFolder(manifest)}/authenticity.ts`;
  const exported = await exportsOf(root, file);
  if (verifier !== '' && exported.includes(verifier)) return file;
  throw new ConfigurationError(
    `the webhook of ${manifest.id} names the verifier "${verifier}", expected an export of that name in ${file}, which exports ${exported.join(', ') || 'nothing'}`,
  );
}

async function exportsOf(root: string, file: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [file],
    outdir: '.build',
    format: 'esm',
    metafile: true,
    write: false,
    logLevel: 'silent',
  }).catch((cause: unknown) => {
    throw new ConfigurationError(`${file} cannot be read, expected it to export a verifier`, { cause });
  });
  return Object.values(metafile.outputs).flatMap((output) => output.exports);
}
