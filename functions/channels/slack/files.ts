import { hubContent } from '../../../shared/adapters/aws/content.ts';
import { aws } from '../../../shared/adapters/aws/platform.ts';
import { filesWorker } from '../../../shared/connections/worker.ts';
import { integrations } from '../../mappings.ts';
import { adapter } from './adapter/files.ts';
import { manifest } from './manifest.ts';

export const handler = filesWorker({ manifest, adapter }, integrations, aws(), hubContent());
