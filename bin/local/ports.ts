import { join } from 'node:path';
import { ConfigurationError } from '../../shared/errors.ts';
import { type KeptFile, keepFile } from './kept-file.ts';

/** 0 takes a free one. */
export interface Ports {
  readonly aws: number;
  readonly issuer: number;
  readonly slack: number;
  readonly salesforce: number;
}

/** Free ports on the first start and the same ever after: connections and tokens kept on disk name them. */
export function keptPorts(dataDir: string): KeptFile<Ports> {
  return keepFile(join(dataDir, 'ports.json'), { aws: 0, issuer: 0, slack: 0, salesforce: 0 });
}

/** The port of an address such as `http://127.0.0.1:4000/path`. */
export function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** Says what a person can do about a port that is taken; any other error is given back as it is. */
export function explainTakenPort(error: unknown, dataDir: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || error.code !== 'EADDRINUSE') return error;
  const port = 'port' in error ? error.port : 'a port';
  return new ConfigurationError(
    `port ${port} is taken by another program: stop that, or choose another by PORT or, for one kept in ${dataDir}, by DESKBRIDGE_DATA`,
    { cause: error },
  );
}
