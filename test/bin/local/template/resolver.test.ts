// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how CloudFormation writes Fn::Sub
import { describe, expect, it } from 'vitest';
import type { Stack, Template } from '../../../../bin/local/template/assembly.ts';
import { createResolver } from '../../../../bin/local/template/resolver.ts';
import { ConfigurationError } from '../../../../shared/errors.ts';

const urls = { awsUrl: 'http://127.0.0.1:4000', publicUrl: 'http://127.0.0.1:3000' };

function stackOf(template: Template, name = 'main'): Stack {
  return { name, template, assetsDir: '/nowhere' };
}

function resolved(value: unknown, template: Template = {}): unknown {
  const stack = stackOf(template);
  return createResolver([stack], urls).resolve(stack, value);
}

const resources: Template = {
  Resources: {
    QueueA1B2C3D4: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'work' } },
    Fifo: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: 'records' } },
    Fn: {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: { 'Fn::Sub': '${AWS::StackName}-fn' } },
    },
    Bucket: { Type: 'AWS::S3::Bucket' },
    Key: { Type: 'AWS::KMS::Key' },
    Bus: { Type: 'AWS::Events::EventBus', Properties: { Name: 'hub' } },
    Rule: { Type: 'AWS::Events::Rule' },
    Secret: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'deskbridge/x' } },
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alarms' } },
    Api: { Type: 'AWS::ApiGatewayV2::Api' },
    Role: { Type: 'AWS::IAM::Role' },
    Group: { Type: 'AWS::Scheduler::ScheduleGroup', Properties: { Name: 'g' } },
  },
};

describe('Ref and Fn::GetAtt', () => {
  it.each([
    [
      'QueueA1B2C3D4',
      'http://127.0.0.1:4000/000000000000/work',
      'Arn',
      'arn:aws:sqs:us-east-1:000000000000:work',
    ],
    ['Fifo', 'http://127.0.0.1:4000/000000000000/main-Fifo.fifo', 'QueueName', 'main-Fifo.fifo'],
    ['Table', 'records', 'Arn', 'arn:aws:dynamodb:us-east-1:000000000000:table/records'],
    ['Fn', 'main-fn', 'Arn', 'arn:aws:lambda:us-east-1:000000000000:function:main-fn'],
    ['Bucket', 'main-bucket', 'Arn', 'arn:aws:s3:::main-bucket'],
    ['Bus', 'hub', 'Name', 'hub'],
    ['Rule', 'main-Rule', 'Arn', 'arn:aws:events:us-east-1:000000000000:rule/main-Rule'],
    [
      'Secret',
      'arn:aws:secretsmanager:us-east-1:000000000000:secret:deskbridge/x',
      'Id',
      'arn:aws:secretsmanager:us-east-1:000000000000:secret:deskbridge/x',
    ],
    ['Topic', 'arn:aws:sns:us-east-1:000000000000:alarms', 'TopicName', 'alarms'],
    ['Role', 'main-Role', 'Arn', 'arn:aws:iam::000000000000:role/main-Role'],
    ['Group', 'main-Group', 'Arn', 'arn:aws:scheduler:us-east-1:000000000000:main-Group'],
  ])('names %s as its service does', (logicalId, ref, attribute, value) => {
    expect(resolved({ Ref: logicalId }, resources)).toBe(ref);
    expect(resolved({ 'Fn::GetAtt': [logicalId, attribute] }, resources)).toBe(value);
    expect(resolved({ 'Fn::GetAtt': `${logicalId}.${attribute}` }, resources)).toBe(value);
  });

  it('gives the HTTP API the address it has on this machine', () => {
    expect(resolved({ 'Fn::GetAtt': ['Api', 'ApiEndpoint'] }, resources)).toBe(urls.publicUrl);
  });

  it('gives a key the same id every time', () => {
    const id = resolved({ Ref: 'Key' }, resources);

    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(resolved({ Ref: 'Key' }, resources)).toBe(id);
  });

  it('knows the pseudo parameters and the defaults of parameters', () => {
    const template: Template = { Parameters: { Version: { Type: 'String', Default: '21' } } };

    expect(
      resolved([{ Ref: 'AWS::Region' }, { Ref: 'AWS::AccountId' }, { Ref: 'Version' }], template),
    ).toEqual(['us-east-1', '000000000000', '21']);
    expect(resolved({ Ref: 'AWS::StackName' })).toBe('main');
    expect(resolved({ Ref: 'AWS::StackId' })).toContain('stack/main/');
  });

  it('leaves out what has no value', () => {
    expect(resolved({ a: { Ref: 'AWS::NoValue' }, b: [1, { Ref: 'AWS::NoValue' }] })).toEqual({ b: [1] });
    expect(resolved({ Ref: 'AWS::NoValue' })).toBeUndefined();
  });

  it.each([
    [{ Ref: 'Nobody' }, 'nothing is called Nobody'],
    [{ 'Fn::GetAtt': ['Table', 'Colour'] }, 'Table has no attribute Colour'],
    [{ 'Fn::Transform': {} }, 'Fn::Transform is not understood'],
    [{ 'Fn::ImportValue': 'gone' }, 'no stack exports gone'],
    [{ 'Fn::If': ['Unheard', 1, 2] }, 'no condition is called Unheard'],
    [{ 'Fn::GetStackOutput': { StackName: 'main', OutputName: 'gone' } }, 'main has no output gone'],
  ])('says what it cannot explain: %j', (value, message) => {
    const resolve = () => resolved(value, resources);

    expect(resolve).toThrow(ConfigurationError);
    expect(resolve).toThrow(message);
  });
});

describe('the other intrinsic functions', () => {
  it.each([
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-us-east-1'],
    [{ 'Fn::Select': [1, ['a', 'b']] }, 'b'],
    [{ 'Fn::Select': ['0', { 'Fn::Split': [':', 'x:y'] }] }, 'x'],
    [
      { 'Fn::Sub': 'in ${AWS::Region}, ${Table}, ${Table.Arn}, ${!Literal}' },
      'in us-east-1, records, arn:aws:dynamodb:us-east-1:000000000000:table/records, ${Literal}',
    ],
    [{ 'Fn::Sub': ['${who} in ${AWS::Region}', { who: { Ref: 'Table' } }] }, 'records in us-east-1'],
  ])('performs %j', (value, expected) => {
    expect(resolved(value, resources)).toBe(expected);
  });

  it('looks a value up in a map', () => {
    const template: Template = { Mappings: { Sizes: { 'us-east-1': { memory: 512 } } } };

    expect(resolved({ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'memory'] }, template)).toBe(512);
  });

  it('decides by conditions, named and nested', () => {
    const template: Template = {
      Conditions: {
        Here: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
        Elsewhere: { 'Fn::Not': [{ Condition: 'Here' }] },
        Both: { 'Fn::And': [{ Condition: 'Here' }, { Condition: 'Elsewhere' }] },
        Either: { 'Fn::Or': [{ Condition: 'Elsewhere' }, { Condition: 'Here' }] },
      },
    };
    const choose = (name: string) => resolved({ 'Fn::If': [name, 'yes', { Ref: 'AWS::NoValue' }] }, template);

    expect(['Here', 'Elsewhere', 'Both', 'Either'].map(choose)).toEqual(['yes', undefined, undefined, 'yes']);
  });
});

describe('values of other stacks', () => {
  const owner = stackOf(
    {
      ...resources,
      Outputs: {
        TableName: { Value: { Ref: 'Table' }, Export: { Name: { 'Fn::Sub': '${AWS::StackName}:t' } } },
      },
    },
    'data',
  );
  const user = stackOf({}, 'user');
  const resolver = createResolver([user, owner], urls);

  it('imports what another stack exports', () => {
    expect(resolver.resolve(user, { 'Fn::ImportValue': 'data:t' })).toBe('records');
  });

  it('reads an output of another stack', () => {
    const call = {
      'Fn::GetStackOutput': { StackName: 'data', Region: { Ref: 'AWS::Region' }, OutputName: 'TableName' },
    };

    expect(resolver.resolve(user, call)).toBe('records');
  });
});
