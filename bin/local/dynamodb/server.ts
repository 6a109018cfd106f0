import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { ConfigurationError } from '../../../shared/errors.ts';
import { type DynamoDb, dynamoDbAt } from './client.ts';
import { type EngineCommand, engineFor } from './engine.ts';

export interface DynamoDbServer {
  readonly url: string;
  readonly engine: EngineCommand['name'];
  readonly call: DynamoDb;
  /** Fulfils when it ends without having been asked to. */
  readonly lost: Promise<void>;
  close(): Promise<void>;
}

const keeper = fileURLToPath(new URL('./keeper.ts', import.meta.url));
const startTimeoutMs = 20_000;

/** Starts the engine on a free loopback port, its data in `directory`. */
export async function startDynamoDb(directory: string): Promise<DynamoDbServer> {
  mkdirSync(directory, { recursive: true });
  // Another program may take the port between its being found free and the engine's asking for it.
  return startOn(await freePort(), directory).catch(async () => startOn(await freePort(), directory));
}

async function startOn(port: number, directory: string): Promise<DynamoDbServer> {
  const engine = engineFor(port, directory, process.env.PATH ?? '');
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', keeper, engine.command, ...engine.args],
    // DynamoDB Local writes a file of its own where it is started.
    { cwd: directory, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] },
  );
  let isClosing = false;
  const { promise: lost, resolve: reportLost } = Promise.withResolvers<void>();
  child.once('exit', () => {
    if (!isClosing) reportLost();
  });
  const url = `http://127.0.0.1:${port}`;
  const call = dynamoDbAt(url);
  await answering(child, call, engine);
  if (engine.warning !== undefined) console.warn(engine.warning);
  return {
    url,
    engine: engine.name,
    call,
    lost,
    close: async () => {
      isClosing = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function answering(child: ChildProcess, call: DynamoDb, engine: EngineCommand): Promise<void> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString('utf8')).slice(-1_000);
  });
  const untilMs = Date.now() + startTimeoutMs;
  while (child.exitCode === null && Date.now() < untilMs) {
    const isUp = await call('ListTables', {}).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  child.kill('SIGTERM');
  throw new ConfigurationError(`${engine.name} did not start: ${complaint.trim() || 'no answer in 20 s'}`);
}

/** Free a moment ago: neither engine can be asked which port it took. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
