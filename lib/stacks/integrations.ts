import { type App, Stack } from 'aws-cdk-lib';
import type { Manifest } from '../../shared/ports/index.ts';
import { Integration } from '../constructs/integration.ts';
import type { Data } from './data.ts';

export interface IntegrationsProps {
  readonly catalog: readonly Manifest[];
  readonly data: Data;
}

/** What speaks to vendors: the same three functions for every entry of the catalog. */
export class Integrations extends Stack {
  constructor(app: App, id: string, props: IntegrationsProps) {
    super(app, id, { stackName: `deskbridge-${props.data.deployment.stage.name}-${id}` });
    for (const manifest of props.catalog) {
      new Integration(this, manifest.id, { manifest, data: props.data });
    }
  }
}
