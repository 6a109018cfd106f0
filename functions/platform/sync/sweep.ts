import { aws } from '../../../shared/adapters/aws/platform.ts';
import { sweeper } from '../../../shared/connections/sync-functions.ts';
import { integrations } from '../../mappings.ts';

export const handler = sweeper(integrations, aws());
