import { aws } from '../../../shared/adapters/aws/platform.ts';
import { worker } from '../../../shared/connections/worker.ts';
import { adapter } from './adapter.ts';
import { manifest } from './manifest.ts';
import { mapping } from './mapping.ts';

export const handler = worker({ manifest, mapping, adapter }, aws());
