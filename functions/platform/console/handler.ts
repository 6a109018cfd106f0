import { fileURLToPath } from 'node:url';
import { hubBucket, originOf } from '../../../shared/adapters/aws/content/bucket.ts';
import { checkEnvironment, required } from '../../../shared/adapters/aws/environment.ts';
import { webConsole } from './console.ts';

const { env } = process;
checkEnvironment(env);

export const handler = webConsole({
  issuer: required(env, 'API_ISSUER'),
  clientId: required(env, 'CONSOLE_CLIENT_ID'),
  audience: required(env, 'API_AUDIENCE'),
  publicUrl: required(env, 'PUBLIC_URL'),
  contentOrigin: originOf(hubBucket(env)),
  fetch,
  folder: fileURLToPath(new URL('./app/', import.meta.url)),
});
