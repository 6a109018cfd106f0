import { required } from '../../../shared/adapters/aws/environment.ts';
import { aws } from '../../../shared/adapters/aws/platform.ts';
import { secretName } from '../../../shared/adapters/aws/secrets.ts';
import type { ContentStore } from '../../../shared/ports/index.ts';
import { api } from './api.ts';
import { apiDeps } from './compose.ts';
import { apiSettings } from './compose-gate.ts';
import { apiRoutes, routes } from './routes.ts';

const settings = apiSettings((name) => required(process.env, name), secretName);

/** S3's client is loaded by who asks for a file. */
const addressOf: ContentStore['address'] = async (...file) =>
  (await import('../../../shared/adapters/aws/content.ts')).hubContent().address(...file);

export const handler = api(apiDeps(aws(), settings, addressOf), apiRoutes, routes);
