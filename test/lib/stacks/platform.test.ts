import { describe, expect, it } from 'vitest';
import { deskRoutes } from '../../../functions/platform/api/routes/desk.ts';
import { synthesize } from '../synthesize.ts';

const { templates } = synthesize({ stage: 'local' });

describe('the hub’s own routes', () => {
  it('are the API, its description, the way back from a vendor, and the console', () => {
    const routes = templates
      .all('AWS::ApiGatewayV2::Route', 'platform')
      .map(({ Properties }) => Properties.RouteKey);

    expect(routes.toSorted()).toEqual(
      [
        'ANY /v1/{proxy+}',
        ...deskRoutes.map(({ method, path }) => `${method} ${path}`).toSorted(),
        'GET /console',
        'GET /console/{proxy+}',
        'GET /openapi.json',
      ].toSorted(),
    );
  });

  it('lead to the function that carries them out', () => {
    const desk = deskRoutes.map(({ method, path }) => `${method} ${path}`);
    const leads = templates
      .all('AWS::ApiGatewayV2::Route', 'platform')
      .filter(({ Properties }) => desk.includes(Properties.RouteKey))
      .map(({ stack, Properties }) => {
        const [integration] = templates.referents(stack, Properties.Target);
        const { Properties: found } = templates.one(
          'AWS::ApiGatewayV2::Integration',
          (each) => each.stack === stack && each.name === integration,
        );
        return templates.referents(stack, found.IntegrationUri)[0];
      });

    expect(leads).toHaveLength(desk.length);
    expect([...new Set(leads)]).toEqual([templates.fn('platform-desk').name]);
  });

  it('may be called by API Gateway alone, each for its own route', () => {
    const permissions = templates.all('AWS::Lambda::Permission');

    expect(permissions.length).toBeGreaterThan(0);
    for (const { Properties } of permissions) expect(Properties.SourceArn).toBeDefined();
  });
});

describe('schedules', () => {
  const schedules = templates.all('AWS::Scheduler::Schedule');

  it('are the sweeper and the delta sync of every integration that can be pulled', () => {
    const targets = schedules.flatMap(({ stack, Properties }) =>
      templates.referents(stack, Properties.Target.Arn),
    );

    expect(targets.sort()).toEqual(
      [templates.fn('platform-sync-sweep').name, templates.fn('salesforce-poll').name].sort(),
    );
  });

  it('fire on time and leave what they cannot deliver in a queue', () => {
    const queue = templates.one(
      'AWS::SQS::Queue',
      ({ Properties }) => Properties.QueueName === 'schedules-dlq',
    );
    for (const { stack, Properties } of schedules) {
      expect(Properties.FlexibleTimeWindow).toEqual({ Mode: 'OFF' });
      expect(templates.referents(stack, Properties.Target.DeadLetterConfig.Arn)).toEqual([queue.name]);
    }
  });

  it('do not repeat a failed run: the next tick goes on where it stopped', () => {
    for (const { stack, Properties } of schedules) {
      const [target] = templates.referents(stack, Properties.Target.Arn);
      const config = templates.one('AWS::Lambda::EventInvokeConfig', (each) =>
        templates.referents(each.stack, each.Properties.FunctionName).includes(target as string),
      );
      expect(config.Properties.MaximumRetryAttempts).toBe(0);
    }
  });

  it('act for this account’s schedules only', () => {
    for (const { stack, Properties } of schedules) {
      const [name] = templates.referents(stack, Properties.Target.RoleArn);
      const role = templates.one('AWS::IAM::Role', (each) => each.name === name);
      expect(JSON.stringify(role.Properties.AssumeRolePolicyDocument)).toContain('"aws:SourceAccount"');
    }
  });

  it('may invoke their own function and nothing else', () => {
    for (const { stack, Properties } of schedules) {
      const [role] = templates.referents(stack, Properties.Target.RoleArn);
      const invokes = templates
        .all('AWS::IAM::Policy', stack)
        .filter((policy) => templates.referents(stack, policy.Properties.Roles[0]).includes(role as string))
        .flatMap((policy) => templates.statements(policy, policy.Properties.PolicyDocument.Statement))
        .filter(({ actions }) => actions.includes('lambda:InvokeFunction'));

      expect(invokes.flatMap(({ resources }) => resources)).toEqual([
        templates.text(stack, Properties.Target.Arn),
        `${templates.text(stack, Properties.Target.Arn)}:$LATEST`,
      ]);
    }
  });
});

describe('dead letters', () => {
  it('of every queue are parked by one function', () => {
    const fn = templates.fn('platform-sync-dead-letters').name;
    const taken = templates
      .all('AWS::Lambda::EventSourceMapping')
      .filter(({ stack, Properties }) => templates.referents(stack, Properties.FunctionName).includes(fn))
      .flatMap(({ stack, Properties }) => templates.referents(stack, Properties.EventSourceArn));
    const targets = templates
      .all('AWS::SQS::Queue')
      .filter(({ Properties }) => Properties.RedrivePolicy)
      .flatMap(({ stack, Properties }) =>
        templates.referents(stack, Properties.RedrivePolicy.deadLetterTargetArn),
      );

    expect(taken.sort()).toEqual(targets.sort());
  });
});

describe('functions that take changes in', () => {
  it.each(['platform-sync-observe', 'platform-sync-sweep', 'slack-worker', 'salesforce-worker'])(
    '%s may send what waited on its way, live or not',
    (name) => {
      const { Variables } = templates.fn(name).Properties.Environment;

      expect(Object.keys(Variables)).toEqual(
        expect.arrayContaining(['CHANGES_QUEUE_URL', 'DELTAS_QUEUE_URL']),
      );
    },
  );
});

describe('files that clients send', () => {
  const inBucket = (name: string) =>
    templates
      .grantsOf(name)
      .filter(({ actions }) => actions.some((action) => action.startsWith('s3:')))
      .flatMap(({ actions, resources }) =>
        actions.map((action) => [action, resources.map((text) => text.split(':s3:::')[1])]),
      );

  it('may be put under their own prefix by whoever the API signs for, and nowhere else', () => {
    expect(inBucket('platform-api').toSorted()).toEqual([
      ['s3:GetObject', ['deskbridge-content/*']],
      ['s3:ListBucket', ['deskbridge-content']],
      ['s3:PutObject', ['deskbridge-content/uploads/*']],
    ]);
  });

  it('are cleared away by the sweeper, which may touch nothing else there', () => {
    expect(inBucket('platform-sync-sweep')).toEqual([['s3:DeleteObject', ['deskbridge-content/uploads/*']]]);
    expect(inBucket('platform-console')).toEqual([]);
  });

  it('come from pages of the console’s origin, by PUT', () => {
    const [bucket] = templates.all('AWS::S3::Bucket');
    const { stack, Properties } = bucket!;
    const [rule, ...others] = Properties.CorsConfiguration.CorsRules;

    expect(others).toEqual([]);
    expect(rule).toMatchObject({
      AllowedMethods: ['PUT'],
      AllowedHeaders: ['content-type', 'x-amz-checksum-sha256'],
    });
    const { PUBLIC_URL } = templates.fn('platform-api').Properties.Environment.Variables;
    expect(rule.AllowedOrigins.map((origin: unknown) => templates.text(stack, origin))).toEqual([
      templates.text('platform', PUBLIC_URL),
    ]);
  });
});
