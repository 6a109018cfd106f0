import { describe, expect, it } from 'vitest';
import { type Resource, Templates } from './templates.ts';

const stack = (resources: Readonly<Record<string, Resource>>) =>
  new Templates([{ id: 'it', stackName: 'it', resources, outputs: {} }]);
const document = (statement: object) => ({ Statement: [{ Effect: 'Allow', ...statement }] });

describe('the rule that every queue has a dead-letter queue', () => {
  const end = { Type: 'AWS::SQS::Queue', Properties: {} };
  const source = {
    Type: 'AWS::SQS::Queue',
    Properties: { RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['end', 'Arn'] } } },
  };
  const schedule = {
    Type: 'AWS::Scheduler::Schedule',
    Properties: { Target: { DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['ticks', 'Arn'] } } } },
  };

  it('finds a queue that was added without one', () => {
    expect(stack({ source, end, added: end }).queuesWithoutDeadLetters()).toEqual(['it/added']);
  });

  it('lets the last stops be: of other queues, of schedules', () => {
    expect(stack({ source, end, schedule, ticks: end }).queuesWithoutDeadLetters()).toEqual([]);
  });
});

describe('what roles may do', () => {
  const role = { 'Fn::GetAtt': ['role', 'Arn'] };
  const fn = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'fn', Role: role } };
  const wide = document({ Action: 's3:*', Resource: '*' });

  it.each([
    [
      'in the role itself',
      { role: { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: wide }] } } },
    ],
    [
      'in a policy beside it',
      { p: { Type: 'AWS::IAM::Policy', Properties: { Roles: [{ Ref: 'role' }], PolicyDocument: wide } } },
    ],
    [
      'in a managed policy',
      {
        p: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { Roles: [{ Ref: 'role' }], PolicyDocument: wide },
        },
      },
    ],
  ])('is found %s', (_, resources) => {
    const templates = stack({ fn, ...resources });

    for (const grants of [templates.grants(), templates.grantsOf('fn')]) {
      expect(grants).toMatchObject([{ actions: ['s3:*'], resources: ['*'] }]);
    }
  });

  it('counts as a wildcard where it names only what it leaves out', () => {
    const PolicyDocument = document({ NotAction: 's3:PutObject', NotResource: 'arn' });
    const templates = stack({ p: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument } } });

    expect(templates.grants()).toMatchObject([{ actions: ['* but s3:PutObject'], resources: ['* but arn'] }]);
  });
});
