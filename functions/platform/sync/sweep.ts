import { hubUploadDoor } from '../../../shared/adapters/aws/content/door.ts';
import { aws } from '../../../shared/adapters/aws/platform.ts';
import { resending } from '../../../shared/backfill/resending.ts';
import { sweeper } from '../../../shared/connections/sync-functions.ts';
import { contentReading } from '../../../shared/sync/read/index.ts';
import { forsaken } from '../../../shared/uploads/index.ts';
import { integrations } from '../../mappings.ts';

const platform = aws();

export const handler = sweeper(integrations, platform, [
  resending(platform),
  forsaken(platform, hubUploadDoor(), contentReading({ store: platform.stores.records })),
]);
