import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ConfigurationError } from '../shared/errors.ts';
import { playDemo, startAndTell } from './local/start.ts';

/** `npm start`, and `npm run demo` where the first argument says so. */
export async function main(args: readonly string[]): Promise<void> {
  await (args[0] === 'demo' ? demo(args.includes('--json')) : start()).catch(fail);
}

async function start(): Promise<void> {
  const dataDir = resolve(process.env.DESKBRIDGE_DATA ?? '.deskbridge');
  const tellsStory = process.env.DESKBRIDGE_STORY !== 'no';
  const { signal } = untilTold(() => {
    starting.then(({ hub }) => hub.close()).then(() => process.exit(0), fail);
  });
  const starting = startAndTell({ dataDir, port: portFrom(process.env.PORT), tellsStory, signal });
  const { hub } = await starting;
  void hub.databaseLost.then(() =>
    fail(new ConfigurationError('the database has ended: start the hub again')),
  );
}

async function demo(isJson: boolean): Promise<void> {
  const dataDir = mkdtempSync(join(tmpdir(), 'deskbridge-demo-'));
  const { signal } = untilTold();
  try {
    process.exitCode = (await playDemo(dataDir, { isJson, signal })) ? 0 : 1;
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Ends with the first SIGTERM or SIGINT, or with npm; a second one while all is being closed changes nothing. */
function untilTold(stop: () => void = () => {}): AbortController {
  const told = new AbortController();
  told.signal.addEventListener('abort', stop);
  for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => told.abort());
  whenOrphaned(() => told.abort());
  return told;
}

const lookEveryMs = 250;

/** npm, or the shell it starts, may be killed without a word to what it started: that must end too. */
function whenOrphaned(stop: () => void): void {
  if (!/^(start|demo)$/.test(process.env.npm_lifecycle_event ?? '')) return;
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) stop();
  }, lookEveryMs).unref();
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
  await main(process.argv.slice(2));
}
