import { type App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { Manifest } from '../../shared/ports/index.ts';
import { ConnectionSecrets } from '../constructs/connection-secrets.ts';
import { ContentBucket } from '../constructs/content-bucket.ts';
import type { BundleOf, Deployment } from '../constructs/deployment.ts';
import { HubBus } from '../constructs/hub-bus.ts';
import type { HubFunction } from '../constructs/hub-function.ts';
import { HubQueue } from '../constructs/hub-queue.ts';
import { HubTable } from '../constructs/hub-table.ts';
import { IntegrationQueues } from '../constructs/integration-queues.ts';
import { DataKey, TokenKey } from '../constructs/keys.ts';
import { PublicApi } from '../constructs/public-api.ts';
import { ScheduleDeadLetters } from '../constructs/schedule-dead-letters.ts';
import { AlarmTopics } from '../monitoring/alarm-topics.ts';
import { Monitoring } from '../monitoring/monitoring.ts';
import type { Stage } from '../stage.ts';

export interface DataProps {
  readonly stage: Stage;
  readonly catalog: readonly Manifest[];
  readonly bundleOf: BundleOf;
}

/** Longest a function behind a queue may take; every worker finishes within it. */
export const CONSUMER_TIMEOUT_SECONDS = 30;
/** A gigabyte on its way; Lambda gives no function more. */
export const FILES_TIMEOUT_SECONDS = 900;

/**
 * What would hurt to lose, and what others are told once: stored state, queued work, keys, and the public
 * address vendors were given. Every other stack can be destroyed and rebuilt beside it.
 */
export class Data extends Stack {
  readonly deployment: Deployment;
  readonly tokenKey: TokenKey;
  readonly records: HubTable;
  readonly connections: HubTable;
  readonly limits: HubTable;
  readonly audit: HubTable;
  readonly content: ContentBucket;
  readonly secrets: ConnectionSecrets;
  readonly bus: HubBus;
  readonly changes: HubQueue;
  readonly deltas: HubQueue;
  readonly backfill: HubQueue;
  readonly work: IntegrationQueues;
  readonly jobs: IntegrationQueues;
  readonly files: IntegrationQueues;
  readonly schedules: scheduler.ScheduleGroup;
  readonly scheduleDeadLetters: ScheduleDeadLetters;
  readonly api: PublicApi;

  constructor(app: App, id: string, props: DataProps) {
    const { stage } = props;
    super(app, id, { stackName: `deskbridge-${stage.name}-${id}`, terminationProtection: stage.keepsData });
    const key = new DataKey(this, 'data-key', stage).key;
    this.tokenKey = new TokenKey(this, 'token-key', stage);
    const topics = new AlarmTopics(this, 'alarms', { stage, key });
    this.deployment = { stage, bundleOf: props.bundleOf, monitoring: new Monitoring(stage, topics) };
    const { deployment } = this;

    this.records = new HubTable(this, 'records', { stage, key, variable: 'RECORDS_TABLE' });
    this.connections = new HubTable(this, 'connections', { stage, key, variable: 'CONNECTIONS_TABLE' });
    this.limits = new HubTable(this, 'limits', { stage, key, variable: 'LIMITS_TABLE' });
    this.audit = new HubTable(this, 'audit', { stage, key, variable: 'AUDIT_TABLE' });
    this.content = new ContentBucket(this, 'content', { stage, key });
    this.secrets = new ConnectionSecrets(this, 'secrets', { stage, key });
    this.bus = new HubBus(this, 'bus', stage);
    this.changes = new HubQueue(this, 'changes', {
      deployment,
      isFifo: true,
      consumerTimeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
      maxAgeSeconds: 60,
      severity: 'high',
      runbook: 'Changes wait too long',
      variable: 'CHANGES_QUEUE_URL',
    });
    this.deltas = new HubQueue(this, 'deltas', {
      deployment,
      isFifo: true,
      consumerTimeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
      maxAgeSeconds: 3_600,
      severity: 'low',
      runbook: 'Deltas wait too long',
      variable: 'DELTAS_QUEUE_URL',
    });
    this.backfill = new HubQueue(this, 'backfill', {
      deployment,
      isFifo: true,
      consumerTimeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
      maxAgeSeconds: 3_600,
      severity: 'low',
      runbook: 'A backfill stands still',
      variable: 'BACKFILL_QUEUE_URL',
    });
    this.work = new IntegrationQueues(this, {
      deployment,
      prefix: 'work',
      variable: 'WORK_QUEUE_URLS',
      integrations: props.catalog.map((manifest) => manifest.id),
      consumerTimeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
      maxAgeSeconds: 300,
      severity: 'high',
      runbook: 'Work waits too long',
    });
    this.jobs = new IntegrationQueues(this, {
      deployment,
      prefix: 'jobs',
      variable: 'JOB_QUEUE_URLS',
      integrations: props.catalog.filter(({ backfill }) => backfill !== undefined).map(({ id }) => id),
      consumerTimeoutSeconds: CONSUMER_TIMEOUT_SECONDS,
      maxAgeSeconds: 3_600,
      severity: 'low',
      runbook: 'A backfill stands still',
    });
    this.files = new IntegrationQueues(this, {
      deployment,
      prefix: 'files',
      variable: 'FILE_QUEUE_URLS',
      integrations: props.catalog.filter(({ files }) => files !== undefined).map(({ id }) => id),
      consumerTimeoutSeconds: FILES_TIMEOUT_SECONDS,
      maxAgeSeconds: 3_600,
      severity: 'low',
      runbook: 'Files wait too long',
    });
    this.schedules = new scheduler.ScheduleGroup(this, 'schedules', {
      scheduleGroupName: `deskbridge-${stage.name}`,
    });
    this.scheduleDeadLetters = new ScheduleDeadLetters(this, 'schedules-dlq', deployment);
    this.api = new PublicApi(this, 'api', deployment);
    this.content.letPut(this.api.addressOf(''));
    this.tellOwner(topics);
  }

  /** What the owner needs in hand after a deployment; no stack reads these. */
  private tellOwner(topics: AlarmTopics): void {
    new CfnOutput(this, 'PublicUrl', { value: this.api.addressOf('') });
    new CfnOutput(this, 'EventBusName', { value: this.bus.name });
    new CfnOutput(this, 'HighAlarmTopicArn', { value: topics.high.topicArn });
    new CfnOutput(this, 'LowAlarmTopicArn', { value: topics.low.topicArn });
    new CfnOutput(this, 'NoticeAlarmTopicArn', { value: topics.notice.topicArn });
  }

  /** What every function that runs the engine needs; it calls no vendor. */
  grantEngine(fn: HubFunction): void {
    this.grantRecords(fn);
    this.secrets.grantRead(fn);
  }

  /** The engine for whoever opens no event's body: the keys to those lie in secrets. */
  grantRecords(fn: HubFunction): void {
    this.records.grantWrite(fn);
    this.connections.grantRead(fn);
    this.audit.grantAppend(fn);
    this.work.grantSend(fn);
    this.files.grantSend(fn);
    this.bus.grantPublish(fn);
  }

  /** What puts accepted events back on their way. */
  grantResend(fn: HubFunction): void {
    this.changes.grantSend(fn);
    this.deltas.grantSend(fn);
    this.backfill.grantSend(fn);
  }

  /** What calling a vendor takes: tokens and their refreshing, limits and breakers; secrets come on top. */
  grantVendorCalls(fn: HubFunction): void {
    this.connections.grantWrite(fn);
    this.limits.grantWrite(fn);
    this.tokenKey.grantEnvelope(fn);
    this.tellSettings(fn);
  }

  tellSettings(fn: HubFunction): void {
    fn.addEnvironment('HUB_SETTINGS', JSON.stringify(this.deployment.stage.settings));
  }
}
