import { aws } from '../../../shared/adapters/aws/platform.ts';
import { backfiller } from '../../../shared/backfill/function.ts';
import { integrations } from '../../mappings.ts';
import { adapter } from './adapter.ts';
import { manifest } from './manifest.ts';

export const handler = backfiller({ manifest, adapter }, integrations, aws());
