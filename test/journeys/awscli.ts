import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LocalDescription } from '../../bin/local/demo/description.ts';
import { isOnPath } from '../shared/adapters/aws/dynamodb.ts';

/** AWS's own command line: a client of the local hub that nobody here wrote. */
export const isOnThisMachine = isOnPath('aws');

// biome-ignore lint/suspicious/noExplicitAny: each command answers JSON of its own shape
export type Awscli = (service: string, command: string, ...options: string[]) => Promise<any>;

export function awscli({ aws }: LocalDescription): Awscli {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = aws.environment;
  // No settings of the person whose machine this is, and no address but the one given.
  const env = {
    PATH: process.env.PATH,
    HOME: '/nonexistent',
    AWS_REGION,
    AWS_DEFAULT_REGION: AWS_REGION,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
  };
  return async (service, command, ...options) => {
    const endpoint = service === 'dynamodb' ? aws.dynamoDb : aws.endpoint;
    const args = [service, command, ...options, '--endpoint-url', endpoint, '--output', 'json'];
    const { stdout } = await promisify(execFile)('aws', args, { env });
    return stdout === '' ? undefined : JSON.parse(stdout);
  };
}
