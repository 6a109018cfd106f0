import type { IntegrationCode } from '../shared/connections/index.ts';
import { adapter as slack } from './channels/slack/adapter.ts';
import { manifest as slackManifest } from './channels/slack/manifest.ts';
import { adapter as salesforce } from './connectors/salesforce/adapter.ts';
import { manifest as salesforceManifest } from './connectors/salesforce/manifest.ts';

/** The only list of adapters: what people can connect. Load it lazily; it brings every vendor's client. */
export const adapters: readonly IntegrationCode[] = [
  { manifest: slackManifest, adapter: slack },
  { manifest: salesforceManifest, adapter: salesforce },
];
