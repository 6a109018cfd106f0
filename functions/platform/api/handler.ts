import { hubContentAddress } from '../../../shared/adapters/aws/content/address.ts';
import { hubUploadDoor } from '../../../shared/adapters/aws/content/door.ts';
import { required } from '../../../shared/adapters/aws/environment.ts';
import { aws } from '../../../shared/adapters/aws/platform.ts';
import { secretName } from '../../../shared/adapters/aws/secrets.ts';
import { api } from './api.ts';
import { apiDeps } from './compose.ts';
import { apiSettings } from './compose-gate.ts';
import { apiRoutes, routes } from './routes.ts';

const settings = apiSettings((name) => required(process.env, name), secretName);

const contents = { addressOf: hubContentAddress(), door: hubUploadDoor() };

export const handler = api(apiDeps(aws(), settings, contents), apiRoutes, routes);
