import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack, Template, TemplateResource } from '../../../bin/local/template/assembly.ts';
import { PACE_TAG } from '../../../lib/constructs/pace.ts';
import { newDirectory } from './sqs/fixture.ts';

// One function for everything: it forwards what it was given to the queue `seen`, or does as it is told.
const source = `
import { getPriority } from 'node:os';
const send = (body) => fetch(process.env.AWS_ENDPOINT_URL_SQS, {
  method: 'POST',
  headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' },
  body: JSON.stringify({ QueueUrl: process.env.SEEN_URL, MessageBody: body }),
});
export const handler = async (event) => {
  if (event.fail || event.detail?.fail) throw new Error('told to fail');
  if (event.routeKey) return { statusCode: 200, body: JSON.stringify({ issuer: process.env.API_ISSUER, path: event.rawPath }) };
  await send(JSON.stringify({ ...event, priority: getPriority() }));
  return 'forwarded';
};
`;
const bundle = 'a1b2';
export const arnOf = (logicalId: string) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });

export function resource(Type: string, Properties: Record<string, unknown>): TemplateResource {
  return { Type, Properties };
}

/** A little of everything the local hub performs. */
export const template: Template = {
  Resources: {
    Seen: resource('AWS::SQS::Queue', { QueueName: 'seen' }),
    In: resource('AWS::SQS::Queue', {
      QueueName: 'in',
      RedrivePolicy: { deadLetterTargetArn: arnOf('Given'), maxReceiveCount: 3 },
    }),
    Given: resource('AWS::SQS::Queue', { QueueName: 'given-up' }),
    Slow: resource('AWS::SQS::Queue', {
      QueueName: 'slow',
      Tags: [{ Key: PACE_TAG, Value: 'background' }],
    }),
    Ordered: resource('AWS::SQS::Queue', { QueueName: 'ordered.fifo', FifoQueue: true }),
    Fn: resource('AWS::Lambda::Function', {
      FunctionName: 'fn',
      Handler: 'index.handler',
      Code: { S3Bucket: 'assets', S3Key: `${bundle}.zip` },
      Timeout: 10,
      MemorySize: 256,
      Environment: {
        Variables: { SEEN_URL: { Ref: 'Seen' }, PUBLIC_URL: { 'Fn::GetAtt': ['Api', 'ApiEndpoint'] } },
      },
    }),
    Config: resource('AWS::Lambda::EventInvokeConfig', {
      FunctionName: { Ref: 'Fn' },
      MaximumRetryAttempts: 0,
      DestinationConfig: { OnFailure: { Destination: arnOf('Given') } },
    }),
    Mapping: resource('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arnOf('In'),
      FunctionName: arnOf('Fn'),
    }),
    Behind: resource('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arnOf('Slow'),
      FunctionName: arnOf('Fn'),
    }),
    Idle: resource('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: arnOf('Given'),
      FunctionName: arnOf('Fn'),
      Enabled: false,
    }),
    Api: resource('AWS::ApiGatewayV2::Api', {}),
    Integration: resource('AWS::ApiGatewayV2::Integration', {
      IntegrationUri: arnOf('Fn'),
      PayloadFormatVersion: '2.0',
    }),
    Route: resource('AWS::ApiGatewayV2::Route', {
      RouteKey: 'GET /hello',
      Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'Integration' }]] },
    }),
    Bus: resource('AWS::Events::EventBus', { Name: 'hub' }),
    Rule: resource('AWS::Events::Rule', {
      Name: 'rule',
      EventBusName: { Ref: 'Bus' },
      EventPattern: { source: ['test'] },
      Targets: [
        { Id: '1', Arn: arnOf('Fn') },
        { Id: '2', Arn: arnOf('Ordered'), InputPath: '$.detail', SqsParameters: { MessageGroupId: 'all' } },
        { Id: '3', Arn: arnOf('Seen'), Input: '{"fixed":true}' },
      ],
    }),
    Off: resource('AWS::Events::Rule', {
      State: 'DISABLED',
      EventPattern: { source: ['test'] },
      Targets: [{ Arn: 'arn:nowhere' }],
    }),
    Daily: resource('AWS::Events::Rule', {
      Name: 'daily',
      ScheduleExpression: 'rate(1 day)',
      Targets: [{ Arn: arnOf('Fn') }],
    }),
    Schedule: resource('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 0 1 1 ? *)',
      ScheduleExpressionTimezone: 'Europe/Oslo',
      Target: { Arn: arnOf('Fn'), Input: '{"scheduled":true}' },
    }),
    Bucket: resource('AWS::S3::Bucket', { BucketName: 'bodies' }),
    Topic: resource('AWS::SNS::Topic', { TopicName: 'alarms' }),
    Key: resource('AWS::KMS::Key', {}),
    Alias: resource('AWS::KMS::Alias', { AliasName: 'alias/hub', TargetKeyId: { Ref: 'Key' } }),
    Made: resource('AWS::SecretsManager::Secret', {
      Name: 'made',
      GenerateSecretString: { PasswordLength: 12 },
    }),
    Told: resource('AWS::SecretsManager::Secret', { Name: 'told', SecretString: 'x' }),
    Table: resource('AWS::DynamoDB::Table', {
      TableName: 'records',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  },
};

const directory = newDirectory();
mkdirSync(join(directory, `asset.${bundle}`));
writeFileSync(join(directory, `asset.${bundle}`, 'index.mjs'), source);
export const stackOf = (given: Template): Stack => ({ name: 'main', template: given, assetsDir: directory });
