import { aws } from '../../../shared/adapters/aws/platform.ts';
import { resending } from '../../../shared/backfill/resending.ts';
import { sweeper } from '../../../shared/connections/sync-functions.ts';
import { integrations } from '../../mappings.ts';

const platform = aws();

export const handler = sweeper(integrations, platform, [resending(platform)]);
