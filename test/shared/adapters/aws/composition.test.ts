import { afterEach, describe, expect, it, vi } from 'vitest';
import { defaultProvider } from '../../../../shared/adapters/aws/credential-provider.ts';
import { queueUrls, required } from '../../../../shared/adapters/aws/environment.ts';
import { aws as awsForInbound } from '../../../../shared/adapters/aws/inbound.ts';
import { aws } from '../../../../shared/adapters/aws/platform.ts';
import { systemClock, systemRandom } from '../../../../shared/adapters/aws/system.ts';
import { powertools } from '../../../../shared/adapters/aws/telemetry.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const INBOUND = {
  RECORDS_TABLE: 'records',
  CONNECTIONS_TABLE: 'connections',
  SECRETS_PREFIX: 'deskbridge/test/',
  CHANGES_QUEUE_URL: 'https://sqs/changes.fifo',
};

describe('composition on AWS: inbound', () => {
  it('is made from its four names', () => {
    const platform = awsForInbound(INBOUND);

    expect(Object.keys(platform).sort()).toEqual([
      'clock',
      'queues',
      'random',
      'secrets',
      'stores',
      'telemetry',
    ]);
  });

  it.each(Object.keys(INBOUND))('stops the start without %s, naming what was seen and expected', (name) => {
    expect(() => awsForInbound({ ...INBOUND, [name]: '' })).toThrow(
      `environment ${name}: saw nothing, expected a value`,
    );
  });
});

describe('composition on AWS: everything else', () => {
  it.each([
    ['RECORDS_TABLE', 'my table'],
    ['CHANGES_QUEUE_URL', 'changes.fifo'],
    ['PUBLIC_URL', 'hub.example'],
    ['API_ISSUER', 'foo'],
    ['API_ISSUER', 'http://issuer.example'],
    ['API_AUDIENCE', 'a b'],
    ['SECRETS_PREFIX', 'no spaces here'],
    ['KEY_ARN', 'alias/hub'],
    ['EVENT_BUS_NAME', 'bus!'],
    ['LOCAL_MODE', 'yes'],
  ])('stops the start of every function when %s is %s', (name, value) => {
    const told = `environment ${name}: saw "${value}", expected `;

    expect(() => aws({ [name]: value })).toThrow(told);
    expect(() => awsForInbound({ ...INBOUND, [name]: value })).toThrow(told);
  });

  it('names every wrong value at once, and takes a loopback issuer in the local hub alone', () => {
    expect(() => aws({ PUBLIC_URL: 'x', KEY_ARN: 'y' })).toThrow(
      /PUBLIC_URL.*; .*KEY_ARN|KEY_ARN.*; .*PUBLIC_URL/,
    );
    expect(() => aws({ API_ISSUER: 'http://127.0.0.1:3001', LOCAL_MODE: '1' })).not.toThrow();
  });

  it('asks for a name only when its part is used, and makes each part once', () => {
    const platform = aws({ LIMITS_TABLE: 'limits' });

    expect(platform.stores.limits).toBe(platform.stores.limits);
    expect(platform.queues).toBe(platform.queues);
    expect(platform.telemetry).toBe(platform.telemetry);
    expect(() => platform.stores.audit).toThrow('environment AUDIT_TABLE');
    expect(() => platform.stores.records).toThrow('environment RECORDS_TABLE');
    expect(() => platform.stores.connections).toThrow('environment CONNECTIONS_TABLE');
    expect(() => platform.bus).toThrow('environment EVENT_BUS_NAME');
    expect(() => platform.keys).toThrow('environment KEY_ARN');
    expect(() => platform.secrets).toThrow('environment SECRETS_PREFIX');
    expect(() => platform.secretsWriter).toThrow('environment SECRETS_PREFIX');
    expect(() => platform.publicUrl).toThrow('environment PUBLIC_URL');
  });

  it('knows the local hub by its one switch, and its own address without a slash', () => {
    expect(aws({ LOCAL_MODE: '1' }).isLocal).toBe(true);
    expect(aws({}).isLocal).toBe(false);
    expect(aws({ PUBLIC_URL: 'https://hub.example/' }).publicUrl).toBe('https://hub.example');
  });

  it.each(['', 'nonsense', '[]', '{"slack":1}'])('refuses WORK_QUEUE_URLS %j', (urls) => {
    expect(() => queueUrls({ WORK_QUEUE_URLS: urls }, 'WORK_QUEUE_URLS')).toThrow(
      expect.objectContaining({ code: 'configuration', message: expect.stringContaining('WORK_QUEUE_URLS') }),
    );
  });

  it('reads WORK_QUEUE_URLS', () => {
    expect(queueUrls({ U: '{"slack":"https://sqs/work-slack"}' }, 'U')).toEqual({
      slack: 'https://sqs/work-slack',
    });
    expect(required({ A: 'x' }, 'A')).toBe('x');
    expect(aws({ WORK_QUEUE_URLS: '{}' }).queues).toBeDefined();
  });
});

describe('composition on AWS: credentials', () => {
  it('are the environment’s, read at each use', async () => {
    const provide = defaultProvider();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
    vi.stubEnv('AWS_SESSION_TOKEN', '');
    expect(await provide()).toEqual({ accessKeyId: 'a', secretAccessKey: 'b' });
    vi.stubEnv('AWS_SESSION_TOKEN', 'c');
    expect(await provide()).toEqual({ accessKeyId: 'a', secretAccessKey: 'b', sessionToken: 'c' });
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');

    await expect(provide()).rejects.toMatchObject({ code: 'configuration' });
  });
});

describe('system clock and random', () => {
  it('give ids that sort by time and never repeat, and chances below one', () => {
    const ids = Array.from({ length: 500 }, () => systemRandom.id());
    const next = systemRandom.next();

    expect(new Set(ids).size).toBe(500);
    expect(ids.every((id) => /^[0-9a-f]{32}$/.test(id))).toBe(true);
    expect(Number.parseInt(ids[0]!.slice(0, 12), 16)).toBeLessThanOrEqual(systemClock.now());
    expect(next).toBeGreaterThanOrEqual(0);
    expect(next).toBeLessThan(1);
  });
});

describe('telemetry by Powertools', () => {
  const lines = async (act: () => void) => {
    const written: string[] = [];
    const take = (text: unknown) => {
      written.push(String(text));
      return true;
    };
    vi.spyOn(process.stdout, 'write').mockImplementation(take as never);
    vi.spyOn(process.stderr, 'write').mockImplementation(take as never);
    act();
    await Promise.resolve();
    vi.restoreAllMocks();
    return written.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('writes a metric in embedded format, its organization a property and no dimension', async () => {
    vi.stubEnv('POWERTOOLS_SERVICE_NAME', 'deskbridge-test');
    vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Deskbridge');
    const telemetry = powertools();

    const [lag, count] = await lines(() => {
      telemetry.metric('SyncLag', 42, { organization: 'acme', connection: 'c1' });
      telemetry.metric('Accepted', 1, {});
    });

    expect(lag).toMatchObject({
      SyncLag: 42,
      organization: 'acme',
      connection: 'c1',
      service: 'deskbridge-test',
    });
    const { CloudWatchMetrics } = lag!._aws as { CloudWatchMetrics: unknown[] };
    expect(CloudWatchMetrics).toEqual([
      {
        Namespace: 'Deskbridge',
        Dimensions: [['service']],
        Metrics: [{ Name: 'SyncLag', Unit: 'Milliseconds' }],
      },
    ]);
    expect(count).toMatchObject({ Accepted: 1 });
    expect(count).not.toHaveProperty('organization');
    expect(JSON.stringify(count)).toContain('"Unit":"Count"');
  });

  it('shares a line between metrics told in one breath about one subject, and no others', async () => {
    vi.stubEnv('POWERTOOLS_METRICS_NAMESPACE', 'Deskbridge');
    const telemetry = powertools();
    const subject = { organization: 'acme' };

    const written = await lines(() => {
      telemetry.metric('Accepted', 1, subject);
      telemetry.metric('AckLatency', 7, { ...subject });
      telemetry.metric('Accepted', 2, subject);
      telemetry.metric('Accepted', 3, { organization: 'globex' });
    });

    expect(written).toMatchObject([
      { organization: 'acme', Accepted: 1, AckLatency: 7 },
      { organization: 'acme', Accepted: 2 },
      { organization: 'globex', Accepted: 3 },
    ]);
  });

  it('writes a log line with its ids, and withholds what looks like content', async () => {
    const telemetry = powertools();

    const [line] = await lines(() => {
      telemetry.log(
        'error',
        'event not kept',
        { organization: 'acme', correlation: 'm1' },
        { code: 'provider_unavailable', receives: 3, words: 'My bike is broken', token: 'x'.repeat(81) },
      );
    });

    expect(line).toMatchObject({
      level: 'ERROR',
      message: 'event not kept',
      organization: 'acme',
      correlation: 'm1',
      code: 'provider_unavailable',
      receives: 3,
      words: '[withheld]',
      token: '[withheld]',
    });
  });
});
