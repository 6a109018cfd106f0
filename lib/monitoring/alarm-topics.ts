import type * as kms from 'aws-cdk-lib/aws-kms';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';

/** Where alarms go by severity; the owner subscribes whom they wish. */
export class AlarmTopics extends Construct {
  readonly high: sns.ITopic;
  readonly low: sns.ITopic;
  readonly notice: sns.ITopic;

  constructor(scope: Construct, id: string, props: { readonly stage: Stage; readonly key: kms.IKey }) {
    super(scope, id);
    const { stage, key } = props;
    const topic = (severity: string) =>
      new sns.Topic(this, severity, {
        displayName: `Deskbridge ${stage.name}: ${severity}`,
        masterKey: key,
        enforceSSL: true,
      });
    this.high = stage.alarmTopicArn
      ? sns.Topic.fromTopicArn(this, 'high', stage.alarmTopicArn)
      : topic('high');
    this.low = topic('low');
    this.notice = topic('notice');
  }
}
