import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import type { HubFunction } from './hub-function.ts';

export interface PartnerEventsProps {
  readonly stage: Stage;
  readonly sourcePrefix: string;
  readonly target: HubFunction;
}

/**
 * A partner's event bus, which must bear the name of its source, for each source of the stage. No dead-letter
 * queue: an undeliverable event would lay message content in a queue, and the delta poll finds what it said.
 */
export class PartnerEvents extends Construct {
  constructor(scope: Construct, id: string, props: PartnerEventsProps) {
    super(scope, id);
    const sources = props.stage.partnerEventSources.filter((name) =>
      name.startsWith(`${props.sourcePrefix}/`),
    );
    for (const source of sources) {
      const bus = new events.EventBus(this, source, { eventSourceName: source });
      new events.Rule(this, `${source} rule`, {
        eventBus: bus,
        eventPattern: { source: [source] },
        targets: [new LambdaFunction(props.target, { retryAttempts: 185, maxEventAge: Duration.hours(24) })],
      });
    }
  }
}
