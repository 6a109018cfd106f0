import { describe, expect, it } from 'vitest';
import { stageOf } from '../../lib/stage.ts';

const stage = (context: Record<string, unknown>) => stageOf((key) => context[key]);

describe('stage settings', () => {
  it('are those of dev where nothing is said', () => {
    expect(stage({})).toMatchObject({ name: 'dev', isLocal: false, keepsData: false });
  });

  it('keep data in production and in any stage nobody wrote settings for', () => {
    expect(stage({ stage: 'prod' }).keepsData).toBe(true);
    expect(stage({ stage: 'anna' }).keepsData).toBe(true);
  });

  it('have no partner event source until one is named, since a bus cannot be deployed before its source', () => {
    expect(stage({ stage: 'prod' }).partnerEventSources).toEqual([]);
  });

  it('take what the context says, a list as JSON or separated by commas', () => {
    const source = 'aws.partner/salesforce.com/00D1/hub';

    expect(stage({ partnerEventSources: `${source},${source}2` }).partnerEventSources).toEqual([
      source,
      `${source}2`,
    ]);
    expect(stage({ partnerEventSources: [source] }).partnerEventSources).toEqual([source]);
    expect(stage({ logRetentionDays: '60' }).logRetentionDays).toBe(60);
    expect(
      stage({ issuer: 'https://issuer.test/realm', audience: 'hub', consoleClientId: 'page' }),
    ).toMatchObject({ issuer: 'https://issuer.test/realm', audience: 'hub', consoleClientId: 'page' });
  });

  it('take tuned settings as an object or as JSON, over the usual ones', () => {
    const tuned = { alerts: { syncLagMs: 9_000 }, schedules: { salesforce: 'rate(5 minutes)' } };

    expect(stage({ settings: tuned }).settings).toMatchObject({
      ...tuned,
      timeouts: { vendorCallMs: 10_000 },
    });
    expect(stage({ settings: JSON.stringify(tuned) }).settings).toEqual(stage({ settings: tuned }).settings);
  });

  it('refuse a wrong setting with its path, what was seen and what was expected', () => {
    expect(() => stage({ settings: { alerts: { syncLagMs: 'soon' } } })).toThrow(
      'context.settings.alerts.syncLagMs: saw "soon", expected',
    );
    expect(() => stage({ settings: '{' })).toThrow('context "settings" is "{", expected a JSON object');
  });

  it('treat an empty value as not given', () => {
    expect(stage({ issuer: '' }).issuer).toBeUndefined();
  });

  it.each([
    ['stage', 'Prod'],
    ['stage', 'a-name-that-is-far-too-long'],
    ['issuer', 'http://issuer.test'],
    ['issuer', 'https://issuer.test/?realm=1'],
    ['partnerEventSources', 'salesforce.com/00D1/hub'],
    ['logRetentionDays', 31],
    ['alarmTopicArn', 'arn:aws:sqs:eu-central-1:123456789012:topic'],
    ['audience', 'two words'],
  ])('refuse %s = %j, naming the key, what was seen and what was expected', (key, value) => {
    expect(() => stage({ [key]: value })).toThrow(new RegExp(`"${key}" is .*expected`));
  });
});
