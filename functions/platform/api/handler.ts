import { required } from '../../../shared/adapters/aws/environment.ts';
import { aws } from '../../../shared/adapters/aws/platform.ts';
import { secretName } from '../../../shared/adapters/aws/secrets.ts';
import { api } from './api.ts';
import { apiDeps } from './compose.ts';

const of = (name: string) => required(process.env, name);
const prefix = of('SECRETS_PREFIX');

export const handler = api(
  apiDeps(aws(), {
    issuer: of('API_ISSUER'),
    audience: of('API_AUDIENCE'),
    consoleClientId: process.env.CONSOLE_CLIENT_ID,
    secretNameOf: (connection) => secretName(prefix, connection),
  }),
);
