import { aws } from '../../../shared/adapters/aws/platform.ts';
import { deadLetterParker } from '../../../shared/connections/sync-functions.ts';
import { integrations } from '../../mappings.ts';

export const handler = deadLetterParker(integrations, aws());
