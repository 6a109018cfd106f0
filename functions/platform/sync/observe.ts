import { aws } from '../../../shared/adapters/aws/platform.ts';
import { observer } from '../../../shared/connections/sync-functions.ts';
import { integrations } from '../../mappings.ts';

export const handler = observer(integrations, aws());
