import * as events from 'aws-cdk-lib/aws-events';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';

/** Where the outbox publishes CloudEvents, for the agent platform, alerts and the owner's own rules. */
export class HubBus extends Construct {
  readonly name: string;
  private readonly bus: events.EventBus;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    this.name = `deskbridge-${stage.name}`;
    this.bus = new events.EventBus(this, 'bus', { eventBusName: this.name });
  }

  grantPublish(fn: lambda.Function): void {
    this.bus.grantPutEventsTo(fn);
    fn.addEnvironment('EVENT_BUS_NAME', this.bus.eventBusName);
  }
}
