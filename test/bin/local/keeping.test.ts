import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { closeServer, listenOnLoopback } from '../../../bin/local/http-server.ts';
import { keepFile } from '../../../bin/local/kept-file.ts';
import { openLogs } from '../../../bin/local/logs.ts';
import { explainTakenPort, keptPorts, portOf } from '../../../bin/local/ports.ts';
import { takeLock } from '../../../bin/local/process-lock.ts';
import { ConfigurationError } from '../../../shared/errors.ts';
import { newDirectory } from './sqs/fixture.ts';

describe('a kept file', () => {
  it('is read back by the next process, and by its owner alone', () => {
    const path = join(newDirectory(), 'deep', 'file.json');
    keepFile(path, { n: 0 }).write({ n: 1 });

    expect(keepFile(path, { n: 0 }).read()).toEqual({ n: 1 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});

describe('the lock of a data directory', () => {
  it('has one holder at a time', () => {
    const path = join(newDirectory(), 'lock.db');
    const first = takeLock(path, 0);

    expect(first).toBeDefined();
    expect(takeLock(path, 0)).toBeUndefined();
    first?.release();
    const second = takeLock(path, 0);
    expect(second).toBeDefined();
    second?.release();
  });
});

describe('the ports of a data directory', () => {
  it('are free ones at first and the same ever after', () => {
    const directory = newDirectory();
    const ports = { aws: 1, issuer: 2, slack: 3, salesforce: 4 };

    expect(Object.values(keptPorts(directory).read())).toEqual([0, 0, 0, 0]);
    keptPorts(directory).write(ports);
    expect(keptPorts(directory).read()).toEqual(ports);
    expect(portOf('http://127.0.0.1:4000/api/')).toBe(4000);
  });

  it('taken by another program are named, with the way out', async () => {
    const first = createServer();
    const port = await listenOnLoopback(first);

    const error = await listenOnLoopback(createServer(), port).catch((cause: unknown) =>
      explainTakenPort(cause, '/data'),
    );

    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error).toMatchObject({ message: expect.stringContaining(`port ${port} is taken`) });
    expect(explainTakenPort('something else', '/data')).toBe('something else');
    await closeServer(first);
  });
});

describe('logs', () => {
  it('are appended to, and start over once they have grown large', async () => {
    const directory = newDirectory();
    const write = async (line: string) => {
      const logs = openLogs(directory);
      logs.write('fn', line);
      await logs.close();
    };
    const path = join(directory, 'fn.log');

    await write('one');
    await write('two');
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');

    writeFileSync(path, Buffer.alloc(10 * 1024 * 1024 + 1));
    await write('three');
    expect(readFileSync(path, 'utf8')).toBe('three\n');
  });
});
