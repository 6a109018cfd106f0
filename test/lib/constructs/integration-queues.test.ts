import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { IntegrationQueues } from '../../../lib/constructs/integration-queues.ts';
import { Monitoring } from '../../../lib/monitoring/monitoring.ts';
import { stageOf } from '../../../lib/stage.ts';
import { emptyBundle } from '../synthesize.ts';

describe('queues of integrations', () => {
  it('refuse an integration they have none for, naming those they have', () => {
    const stack = new Stack(new App(), 'data');
    const stage = stageOf(() => undefined);
    const topic = new Topic(stack, 'topic');
    const monitoring = new Monitoring(stage, { high: topic, low: topic, notice: topic });

    const queues = new IntegrationQueues(stack, {
      deployment: { stage, monitoring, bundleOf: emptyBundle },
      prefix: 'work',
      variable: 'WORK_QUEUE_URLS',
      integrations: ['slack'],
      maxAgeSeconds: 300,
      severity: 'high',
      runbook: 'Work waits too long',
      consumerTimeoutSeconds: 30,
    });

    expect(queues.of('slack').queue).toBeDefined();
    expect(() => queues.of('jira')).toThrow('no queue for "jira", expected one of slack');
  });
});
