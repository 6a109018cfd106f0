import { describe, expect, it } from 'vitest';
import { allFunctions } from '../../../lib/functions.ts';
import { synthesize } from '../synthesize.ts';
import type { Placed } from '../templates.ts';

const RETENTION_DAYS = 60;
const { templates, accepted } = synthesize({
  stage: 'local',
  context: { issuer: 'https://issuer.test', logRetentionDays: RETENTION_DAYS },
});
const functions = templates.all('AWS::Lambda::Function');
const named = (name: string) => templates.fn(name);
const variables = (name: string) => Object.keys(named(name).Properties.Environment.Variables).sort();

const EVERY = ['LOCAL_MODE', 'POWERTOOLS_METRICS_NAMESPACE', 'POWERTOOLS_SERVICE_NAME', 'STAGE'];
const ENGINE = [
  'AUDIT_TABLE',
  'CONNECTIONS_TABLE',
  'EVENT_BUS_NAME',
  'FILE_QUEUE_URLS',
  'RECORDS_TABLE',
  'SECRETS_PREFIX',
  'WORK_QUEUE_URLS',
];
const INBOUND = ['CHANGES_QUEUE_URL', 'CONNECTIONS_TABLE', 'RECORDS_TABLE', 'SECRETS_PREFIX'];
const VENDOR = ['CONNECTIONS_TABLE', 'HUB_SETTINGS', 'KEY_ARN', 'LIMITS_TABLE', 'SECRETS_PREFIX'];
const RESEND = ['BACKFILL_QUEUE_URL', 'CHANGES_QUEUE_URL', 'DELTAS_QUEUE_URL'];
const ISSUER = ['API_AUDIENCE', 'API_ISSUER', 'CONSOLE_CLIENT_ID', 'PUBLIC_URL'];

const ENVIRONMENT: Readonly<Record<string, readonly string[]>> = {
  'slack-inbound': INBOUND,
  'slack-worker': [...ENGINE, ...VENDOR, ...RESEND],
  'slack-files': [...ENGINE, ...VENDOR, ...RESEND, 'CONTENT_BUCKET'],
  'salesforce-inbound': INBOUND,
  'salesforce-worker': [...ENGINE, ...VENDOR, ...RESEND],
  'salesforce-files': [...ENGINE, ...VENDOR, ...RESEND, 'CONTENT_BUCKET'],
  'salesforce-poll': ['AUDIT_TABLE', 'DELTAS_QUEUE_URL', 'EVENT_BUS_NAME', 'RECORDS_TABLE', ...VENDOR],
  // It brings copies out as well, with a worker's care for each.
  'salesforce-backfill': [...ENGINE, ...VENDOR, 'BACKFILL_QUEUE_URL', 'JOB_QUEUE_URLS'],
  'platform-sync-observe': [...ENGINE, ...RESEND],
  'platform-sync-dead-letters': ENGINE,
  'platform-sync-sweep': [
    ...ENGINE,
    ...RESEND,
    'CONTENT_BUCKET',
    'JOB_QUEUE_URLS',
    'LIMITS_TABLE',
    'UPLOAD_PREFIX',
  ],
  'platform-api': [
    ...ENGINE,
    ...RESEND,
    ...ISSUER,
    'CONTENT_BUCKET',
    'HUB_SETTINGS',
    'JOB_QUEUE_URLS',
    'LIMITS_TABLE',
    'UPLOAD_PREFIX',
  ],
  'platform-desk': [...ENGINE, ...VENDOR, ...RESEND, ...ISSUER, 'SECRETS_KEY_ARN'],
  'platform-console': [...ISSUER, 'CONTENT_BUCKET'],
};

/** The text of everything a function may do, for a rule about what it may not. */
const powers = (name: string) =>
  templates
    .grantsOf(name)
    .flatMap(({ actions, resources }) =>
      actions.flatMap((action) => resources.map((resource) => `${action} ${resource}`)),
    );
const table = (name: string) =>
  templates.one('AWS::DynamoDB::Table', ({ Properties }) => Properties.TableName === name).name;

/** By whole keys. */
const LOOKUPS = ['dynamodb:BatchGetItem', 'dynamodb:GetItem'];

describe('every function', () => {
  it('is one the catalog or the platform declares', () => {
    expect(functions.map(({ Properties }) => Properties.FunctionName).sort()).toEqual(
      allFunctions()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('runs Node 24 on arm64', () => {
    for (const { Properties } of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
      });
    }
  });

  it('logs to a group of its own, which forgets in time', () => {
    const groups = functions.map(
      ({ stack, Properties }) => templates.referents(stack, Properties.LoggingConfig.LogGroup)[0],
    );
    const kept = templates.all('AWS::Logs::LogGroup');

    expect(new Set(groups).size).toBe(functions.length);
    for (const { Properties } of kept) expect(Properties.RetentionInDays).toBe(RETENTION_DAYS);
  });

  it('has a role of its own, with no policy of AWS’s making', () => {
    const roles = functions.map(({ stack, Properties }) => templates.referents(stack, Properties.Role)[0]);

    expect(new Set(roles).size).toBe(functions.length);
    for (const { Properties } of templates.all('AWS::IAM::Role')) {
      expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });

  it.each(allFunctions().map(({ name }) => name))('%s has only the environment it reads', (name) => {
    const own = ENVIRONMENT[name] ?? [];
    expect(variables(name)).toEqual([...new Set([...EVERY, ...own])].sort());
  });

  it('finds no secret in its environment: names, addresses and settings only', () => {
    for (const { Properties, stack } of functions) {
      for (const [name, value] of Object.entries(Properties.Environment.Variables)) {
        expect(name).not.toMatch(/TOKEN|PASSWORD|PRIVATE|CREDENTIAL|SECRET(?!S_(PREFIX|KEY_ARN)$)/);
        expect(templates.text(stack, value)).not.toMatch(/resolve:secretsmanager|xox[bp]-|BEGIN/);
      }
    }
  });

  it('finishes within what waits for it: 30 seconds behind a queue or the HTTP API, 15 minutes where files come', () => {
    const scheduled = templates
      .all('AWS::Scheduler::Schedule')
      .flatMap(({ stack, Properties }) => templates.referents(stack, Properties.Target.Arn));
    for (const fn of functions) {
      const mostSeconds = scheduled.includes(fn.name) ? 60 : 30;
      const isOfFiles = fn.Properties.FunctionName.endsWith('-files');
      expect(fn.Properties.Timeout).toBeLessThanOrEqual(isOfFiles ? 900 : mostSeconds);
    }
  });
});

describe('what a function may do', () => {
  it('names every action and resource, but for wildcards with a recorded reason on the very policy', () => {
    const wild = templates.grants().flatMap(({ owner, actions, resources, effect }) => {
      const texts = effect === 'Allow' ? [...actions, ...resources] : [];
      return texts.filter((text) => text.includes('*')).map((text) => ({ owner, text }));
    });

    expect(wild.length).toBeGreaterThan(0);
    for (const { owner, text } of wild) {
      const reasons = accepted
        .get(owner)
        ?.filter((finding) => finding.includes(`AwsSolutions-IAM5[Resource::${text}]`));
      expect([owner, text, reasons?.length]).toEqual([owner, text, 1]);
    }
  });

  it('does not include changing or removing an audit entry', () => {
    const audit = table('audit');
    for (const { Properties } of functions) {
      const allowed = powers(Properties.FunctionName).filter((power) => power.includes(`{${audit}}`));
      const actions = new Set(allowed.map((power) => power.split(' ')[0]));
      for (const action of actions) {
        expect([...LOOKUPS, 'dynamodb:PutItem', 'dynamodb:Query']).toContain(action);
      }
    }
  });

  it('does not include listing or removing records where events are only kept', () => {
    const records = table('records');
    for (const name of ['slack-inbound', 'salesforce-inbound', 'salesforce-poll']) {
      const allowed = powers(name).filter((power) => power.includes(`{${records}}`));

      expect(allowed.map((power) => power.split(' ')[0]).sort()).toEqual([...LOOKUPS, 'dynamodb:PutItem']);
    }
  });

  it('does not include scanning a table, for anybody', () => {
    for (const { Properties } of functions) {
      expect(powers(Properties.FunctionName).join('\n')).not.toMatch(
        /dynamodb:(Scan|\*|BatchWrite|Delete(Table|Backup))/,
      );
    }
  });

  it('does not include vendor tokens where no vendor is called', () => {
    const callers = [
      'slack-worker',
      'slack-files',
      'salesforce-worker',
      'salesforce-files',
      'salesforce-poll',
      'salesforce-backfill',
      'platform-desk',
    ];
    for (const { Properties } of functions) {
      const mayUnwrap = powers(Properties.FunctionName).some((power) => power.startsWith('kms:'));
      expect([Properties.FunctionName, mayUnwrap]).toEqual([
        Properties.FunctionName,
        callers.includes(Properties.FunctionName),
      ]);
    }
  });

  it('lets nobody who reads tickets for the world read a secret', () => {
    expect(powers('platform-api').filter((power) => /^(kms|secretsmanager):/.test(power))).toEqual([]);
  });

  it('unwraps a token only for a named organization and connection', () => {
    const uses = templates
      .grants()
      .filter(({ actions }) => actions.some((action) => action.startsWith('kms:')));

    expect(uses.length).toBeGreaterThan(0);
    for (const { conditions } of uses) {
      expect(conditions).toEqual({
        Null: { 'kms:EncryptionContext:organization': 'false', 'kms:EncryptionContext:connection': 'false' },
      });
    }
  });

  it.each(['CreateSecret', 'PutSecretValue', 'DeleteSecret'])('lets only the desk call %s', (action) => {
    const callers = functions.filter(({ Properties }) =>
      powers(Properties.FunctionName).some((power) => power.startsWith(`secretsmanager:${action} `)),
    );

    expect(callers.map(({ Properties }) => Properties.FunctionName)).toEqual(['platform-desk']);
  });

  it('lets an inbound function keep and queue, and nothing else', () => {
    const sends = powers('slack-inbound').filter((power) => power.startsWith('sqs:SendMessage'));
    const queue = templates.one(
      'AWS::SQS::Queue',
      ({ Properties }) => Properties.QueueName === 'changes.fifo',
    );
    const services = new Set(powers('slack-inbound').map((power) => power.split(':')[0]));

    expect(sends).toEqual([`sqs:SendMessage {${queue.name}}`]);
    expect([...services].sort()).toEqual(['dynamodb', 'logs', 'secretsmanager', 'sqs']);
  });

  it('lets an inbound function look up one connection, and list nothing', () => {
    const connections = table('connections');
    for (const name of ['slack-inbound', 'salesforce-inbound']) {
      const reads = powers(name).filter((power) => power.includes(`{${connections}}`));

      expect(reads.sort()).toEqual(LOOKUPS.map((action) => `${action} {${connections}}`));
      expect(powers(name).join('\n')).not.toContain('dynamodb:Query');
    }
  });

  it('lets the console do nothing but log', () => {
    expect(new Set(powers('platform-console').map((power) => power.split(':')[0]))).toEqual(
      new Set(['logs']),
    );
  });

  it('lets a worker take from its own integration’s queue only', () => {
    const takes = (name: string) => powers(name).filter((power) => power.startsWith('sqs:ReceiveMessage'));
    const queue = (name: string): Placed =>
      templates.one('AWS::SQS::Queue', ({ Properties }) => Properties.QueueName === name);

    expect(takes('slack-worker')).toEqual([`sqs:ReceiveMessage {${queue('work-slack').name}}`]);
    expect(takes('salesforce-worker')).toEqual([`sqs:ReceiveMessage {${queue('work-salesforce').name}}`]);
  });
});
