import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allFunctions } from '../../../lib/functions.ts';
import { slugOf } from '../../../lib/monitoring/monitoring.ts';
import { METRIC_NAMES, METRIC_NAMESPACE, PARKED_BY } from '../../../shared/telemetry/names.ts';
import { synthesize } from '../synthesize.ts';

const { templates } = synthesize({ stage: 'local' });
const alarms = templates.all('AWS::CloudWatch::Alarm');
const runbook = readFileSync(new URL('../../../lib/monitoring/RUNBOOK.md', import.meta.url), 'utf8');
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [slugOf(section.split('\n')[0] as string), section]),
);
const headingOf = (description: string) => description.split('RUNBOOK.md#')[1] as string;
const metricsNamed = (name: string) => alarms.filter(({ Properties }) => Properties.MetricName === name);

describe('the runbook', () => {
  it('has a heading for every alarm, and an alarm for every heading', () => {
    const linked = new Set(alarms.map(({ Properties }) => headingOf(Properties.AlarmDescription)));

    expect([...linked].sort()).toEqual([...sections.keys()].sort());
  });

  it('says under each what it means, where to look and what to do', () => {
    for (const section of sections.values()) {
      expect(section).toMatch(/\*\*Means\.\*\*[\s\S]+\*\*Look\.\*\*[\s\S]+\*\*Do\.\*\*/);
    }
  });

  it('links only to headings it has', () => {
    for (const [, anchor] of runbook.matchAll(/\]\(#([^)]+)\)/g))
      expect([...sections.keys()]).toContain(anchor);
  });
});

describe('alarms', () => {
  it('have a severity, and tell its topic when they ring and when they stop', () => {
    const topics = templates.all('AWS::SNS::Topic').map(({ name }) => name);
    const used = new Map<string, Set<string>>();
    for (const { stack, Properties } of alarms) {
      const severity = /^(high|low|notice): /.exec(Properties.AlarmDescription)?.[1] as string;
      const [ring] = templates.referents(stack, Properties.AlarmActions[0]);
      expect(topics).toContain(ring);
      expect(templates.referents(stack, Properties.OKActions[0])).toEqual([ring]);
      used.set(severity, (used.get(severity) ?? new Set()).add(ring as string));
    }

    expect([...used.keys()].sort()).toEqual(['high', 'low', 'notice']);
    expect([...used.values()].map(({ size }) => size)).toEqual([1, 1, 1]);
  });

  it('stand in the stack of what they watch, so that monitoring can be rebuilt alone', () => {
    for (const { stack, Properties } of alarms) {
      for (const { Value } of Properties.Dimensions ?? []) {
        for (const name of templates.referents(stack, Value)) expect(name.split('/')[0]).toBe(stack);
      }
    }
  });

  it('watch the errors and throttles of every function', () => {
    const expected = allFunctions()
      .map(({ name }) => templates.fn(name).name)
      .sort();
    for (const metric of ['Errors', 'Throttles']) {
      const watched = metricsNamed(metric).flatMap(({ stack, Properties }) =>
        templates.referents(stack, Properties.Dimensions[0].Value),
      );
      expect(watched.sort()).toEqual(expected);
    }
  });

  it.each([...Object.values(PARKED_BY), 'SyncLag', 'OpenBreakers', 'OldestOpenInboxMs', 'DeadLettered'])(
    'watch %s by the one dimension the hub sends it with',
    (metric) => {
      const [alarm] = metricsNamed(metric);

      expect(alarm?.Properties).toMatchObject({
        Namespace: METRIC_NAMESPACE,
        Dimensions: [{ Name: 'service', Value: 'deskbridge-local' }],
      });
      expect(
        templates.fn('platform-sync-sweep').Properties.Environment.Variables.POWERTOOLS_SERVICE_NAME,
      ).toBe('deskbridge-local');
    },
  );

  it('tell of parked work by whose fault it is, each by its own heading and to its own topic', () => {
    const faults = Object.entries(PARKED_BY).map(([fault, metric]) => {
      const [alarm, ...others] = metricsNamed(metric);
      expect(others).toEqual([]);
      const { AlarmDescription, AlarmActions, Statistic, Threshold } = alarm?.Properties ?? {};
      expect([Statistic, Threshold]).toEqual(['Sum', 0]);
      const [topic] = templates.referents(alarm?.stack ?? '', AlarmActions[0]);
      return { fault, severity: AlarmDescription.split(':')[0], heading: headingOf(AlarmDescription), topic };
    });

    expect(faults.map(({ fault, severity }) => [fault, severity])).toEqual([
      ['organization', 'notice'],
      ['vendor', 'low'],
      ['hub', 'high'],
    ]);
    expect(new Set(faults.map(({ heading }) => heading)).size).toBe(3);
    expect(new Set(faults.map(({ topic }) => topic)).size).toBe(3);
  });

  it('ring for a sync lag over five seconds', () => {
    expect(metricsNamed('SyncLag')[0]?.Properties).toMatchObject({
      Threshold: 5_000,
      ExtendedStatistic: 'p99',
    });
  });

  it('ring for lag in any three minutes of fifteen, since not every minute has a change', () => {
    expect(metricsNamed('SyncLag')[0]?.Properties).toMatchObject({
      Period: 60,
      EvaluationPeriods: 15,
      DatapointsToAlarm: 3,
      TreatMissingData: 'notBreaching',
    });
  });

  it('ring for a breaker that stays open for five minutes, called or not', () => {
    expect(metricsNamed('OpenBreakers')[0]?.Properties).toMatchObject({
      Period: 60,
      EvaluationPeriods: 5,
      Threshold: 0,
      Statistic: 'Maximum',
    });
  });

  it('ring when the sweeper falls silent', () => {
    expect(metricsNamed('Invocations')[0]?.Properties).toMatchObject({
      TreatMissingData: 'breaching',
      ComparisonOperator: 'LessThanThreshold',
    });
  });

  it('name only metrics the hub sends', () => {
    const own = alarms.filter(({ Properties }) => Properties.Namespace === METRIC_NAMESPACE);

    expect(own.length).toBeGreaterThan(0);
    for (const { Properties } of own) expect(METRIC_NAMES).toContain(Properties.MetricName);
  });
});

describe('the dashboard', () => {
  it('shows every alarm, queue and function, and every metric of the hub', () => {
    const [dashboard] = templates.all('AWS::CloudWatch::Dashboard');
    const body = templates.text('monitoring', dashboard?.Properties.DashboardBody);

    for (const { name } of [
      ...alarms,
      ...templates.all('AWS::SQS::Queue'),
      ...templates.all('AWS::Lambda::Function'),
    ]) {
      expect(body).toContain(`{${name}}`);
    }
    for (const metric of METRIC_NAMES) {
      if (metric !== 'OldestOpenInboxMs') expect(body).toContain(`"${metric}"`);
    }
  });
});
