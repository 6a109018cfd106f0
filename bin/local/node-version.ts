import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../../shared/errors.ts';

const oldest = 24;

/**
 * The functions run on Node 24, so the hub does too. On an older Node it starts itself again with the one
 * the lockfile brought and gives its exit status. @throws ConfigurationError where there is none.
 */
export function rerunOnNode24(version: string, script: string, args: readonly string[]): number | undefined {
  if (Number(version.split('.')[0]) >= oldest) return undefined;
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const own = fileURLToPath(new URL(`../../node_modules/.bin/node${suffix}`, import.meta.url));
  if (!existsSync(own)) {
    throw new ConfigurationError(
      `Node ${version} is too old: install Node ${oldest} or later, since no package brings one for this platform`,
    );
  }
  return spawnSync(own, [script, ...args], { stdio: 'inherit' }).status ?? 1;
}
