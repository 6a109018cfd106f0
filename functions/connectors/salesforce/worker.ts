import { aws } from '../../../shared/adapters/aws/platform.ts';
import { worker } from '../../../shared/connections/worker.ts';
import { integrations } from '../../mappings.ts';
import { adapter } from './adapter.ts';
import { manifest } from './manifest.ts';

export const handler = worker({ manifest, adapter }, integrations, aws());
