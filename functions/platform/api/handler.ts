import { required } from '../../../shared/adapters/aws/environment.ts';
import { aws } from '../../../shared/adapters/aws/platform.ts';
import { api } from './api.ts';
import { apiDeps } from './compose.ts';

const issuer = required(process.env, 'API_ISSUER');
const audience = required(process.env, 'API_AUDIENCE');

export const handler = api(apiDeps(aws(), { issuer, audience }));
