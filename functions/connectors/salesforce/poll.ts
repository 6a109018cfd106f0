import { aws } from '../../../shared/adapters/aws/platform.ts';
import { poller } from '../../../shared/connections/poller.ts';
import { adapter } from './adapter.ts';
import { manifest } from './manifest.ts';

export const handler = poller({ manifest, adapter }, aws());
