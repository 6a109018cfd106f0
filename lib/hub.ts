import { type App, Validations } from 'aws-cdk-lib';
import { Data, type DataProps } from './stacks/data.ts';
import { Integrations } from './stacks/integrations.ts';
import { MonitoringPage } from './stacks/monitoring.ts';
import { Platform } from './stacks/platform.ts';

/** The stacks by lifetime: `data` keeps, the others can be destroyed and rebuilt beside it. */
export function buildHub(app: App, props: DataProps): void {
  const data = new Data(app, 'data', props);
  new Integrations(app, 'integrations', { catalog: props.catalog, data });
  const platform = new Platform(app, 'platform', { data });
  new MonitoringPage(app, 'monitoring', { data });
  if (!props.stage.issuer && !props.stage.isLocal) {
    Validations.of(platform).addWarning(
      'deskbridge:no-issuer',
      'no issuer is configured: /v1 and the console do not start until one is given by --context issuer=https://…',
    );
  }
}
