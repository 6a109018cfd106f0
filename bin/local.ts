import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../shared/errors.ts';
import { rerunOnNode24 } from './local/node-version.ts';

async function main(args: readonly string[]): Promise<void> {
  const status = rerunOnNode24(process.versions.node, fileURLToPath(import.meta.url), args);
  if (status !== undefined) {
    process.exitCode = status;
    return;
  }
  // Only now: the parts need the Node that has just been checked.
  if (args[0] === 'demo') await demo(args.includes('--json'));
  else await start();
}

async function start(): Promise<void> {
  const { startAndTell } = await import('./local/start.ts');
  const dataDir = resolve(process.env.DESKBRIDGE_DATA ?? '.deskbridge');
  const tellsStory = process.env.DESKBRIDGE_STORY !== 'no';
  const starting = startAndTell({ dataDir, port: portFrom(process.env.PORT), tellsStory });
  const stop = (): void => {
    starting.then(({ hub }) => hub.close()).then(() => process.exit(0), fail);
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
  const { hub, told } = await starting;
  void hub.databaseLost.then(() =>
    fail(new ConfigurationError('the database has ended: start the hub again')),
  );
  await told;
}

async function demo(isJson: boolean): Promise<void> {
  const { playDemo } = await import('./local/start.ts');
  const dataDir = mkdtempSync(join(tmpdir(), 'deskbridge-demo-'));
  try {
    process.exitCode = (await playDemo(dataDir, isJson)) ? 0 : 1;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function portFrom(text: string | undefined): number {
  const port = Number(text ?? '3000');
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new ConfigurationError(`PORT is "${text}", expected a whole number from 0 to 65535`);
}

function fail(error: unknown): never {
  console.error(error instanceof ConfigurationError ? error.message : error);
  process.exit(1);
}

if (import.meta.main) {
  await main(process.argv.slice(2)).catch(fail);
}
