import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../../bin/local/metrics.ts';

function emf(name: string, value: unknown): string {
  return JSON.stringify({
    _aws: {
      Timestamp: 7,
      CloudWatchMetrics: [{ Namespace: 'Deskbridge', Dimensions: [['service']], Metrics: [{ Name: name }] }],
    },
    service: 'hub',
    [name]: value,
  });
}

describe('metrics from what functions print', () => {
  it('add up per name and dimensions, lists of values included', () => {
    const metrics = createMetrics();

    metrics.take(emf('Effects', 1));
    metrics.take(emf('Effects', [2, 4]));

    expect(metrics.list()).toEqual([
      {
        namespace: 'Deskbridge',
        name: 'Effects',
        dimensions: { service: 'hub' },
        count: 3,
        sum: 7,
        max: 4,
        lastAtMs: 7,
      },
    ]);
  });

  it.each([
    ['plain text'],
    ['{"message":"no metric"}'],
    ['{"_aws": broken'],
    ['{"_aws":{}}'],
    [emf('Odd', 'text')],
  ])('leave alone what is none: %s', (line) => {
    const metrics = createMetrics();

    metrics.take(line);

    expect(metrics.list()).toEqual([]);
  });
});
