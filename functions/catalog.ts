import type { Manifest } from '../shared/ports/index.ts';
import { manifest as slack } from './channels/slack/manifest.ts';
import { manifest as salesforce } from './connectors/salesforce/manifest.ts';

/** The only list of integrations. Manifests only, so that `lib` never loads runtime code. */
export const catalog: readonly Manifest[] = [slack, salesforce];
