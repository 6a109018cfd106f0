import { createServer } from 'node:http';
import { join } from 'node:path';
import { ConfigurationError } from '../../shared/errors.ts';
import { closeServer, listenOnLoopback } from './http-server.ts';
import { keepFile } from './kept-file.ts';

export type PortName = 'aws' | 'issuer' | 'slack' | 'salesforce';
export type Ports = Readonly<Record<PortName, number>>;

const names: readonly PortName[] = ['aws', 'issuer', 'slack', 'salesforce'];

/**
 * Free ports on the first start and the same ever after: connections and tokens kept on disk name them.
 * @throws ConfigurationError when one of them has been taken by another program meanwhile.
 */
export async function keptPorts(dataDir: string): Promise<Ports> {
  const file = keepFile<Partial<Ports>>(join(dataDir, 'ports.json'), {});
  const kept = file.read();
  const taken = await Promise.all(names.map((name) => tryPort(name, kept[name] ?? 0, dataDir)));
  await Promise.all(taken.map(({ server }) => closeServer(server)));
  const ports = Object.fromEntries(taken.map(({ name, port }) => [name, port])) as unknown as Ports;
  file.write(ports);
  return ports;
}

async function tryPort(name: PortName, wanted: number, dataDir: string) {
  const server = createServer();
  const port = await listenOnLoopback(server, wanted).catch((cause: unknown) => {
    throw new ConfigurationError(
      `port ${wanted} (${name}, kept in ${dataDir}) is taken by another program: stop that, or move the data directory away`,
      { cause },
    );
  });
  return { name, port, server };
}
