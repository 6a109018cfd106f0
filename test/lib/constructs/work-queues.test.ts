import { App, Stack } from 'aws-cdk-lib';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { WorkQueues } from '../../../lib/constructs/work-queues.ts';
import { Monitoring } from '../../../lib/monitoring/monitoring.ts';
import { stageOf } from '../../../lib/stage.ts';
import { emptyBundle } from '../synthesize.ts';

describe('work queues', () => {
  it('refuse an integration they have none for, naming those they have', () => {
    const stack = new Stack(new App(), 'data');
    const stage = stageOf(() => undefined);
    const topic = new Topic(stack, 'topic');
    const monitoring = new Monitoring(stage, { high: topic, low: topic });

    const queues = new WorkQueues(stack, {
      deployment: { stage, monitoring, bundleOf: emptyBundle },
      integrations: ['slack'],
      consumerTimeoutSeconds: 30,
    });

    expect(queues.of('slack').queue).toBeDefined();
    expect(() => queues.of('jira')).toThrow('no work queue for "jira", expected one of slack');
  });
});
