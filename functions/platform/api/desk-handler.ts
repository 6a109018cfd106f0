import { required } from '../../../shared/adapters/aws/environment.ts';
import { aws } from '../../../shared/adapters/aws/platform.ts';
import { secretName } from '../../../shared/adapters/aws/secrets.ts';
import { api } from './api.ts';
import { deskDeps } from './compose-desk.ts';
import { apiSettings } from './compose-gate.ts';
import { deskRoutes } from './routes/desk.ts';

const settings = apiSettings((name) => required(process.env, name), secretName);

export const handler = api(deskDeps(aws(), settings), deskRoutes);
