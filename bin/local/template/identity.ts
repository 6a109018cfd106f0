import { createHash } from 'node:crypto';
import { ACCOUNT, REGION } from '../account.ts';

/** What `Ref` and `Fn::GetAtt` give for one resource. */
export interface Identity {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface Place {
  readonly stack: string;
  readonly logicalId: string;
  /** Where queues answer: `http://127.0.0.1:PORT`. */
  readonly awsUrl: string;
  /** Where the HTTP API answers. */
  readonly publicUrl: string;
}

type Properties = Readonly<Record<string, unknown>>;
type Identify = (properties: Properties, place: Place) => Identity;

const identifiers: Readonly<Record<string, Identify>> = {
  'AWS::SQS::Queue': (properties, place) => {
    const name = named(properties, 'QueueName', place, properties.FifoQueue === true ? '.fifo' : '');
    const url = `${place.awsUrl}/${ACCOUNT}/${name}`;
    return { ref: url, attributes: { Arn: arn('sqs', name), QueueName: name, QueueUrl: url } };
  },
  'AWS::DynamoDB::Table': table,
  'AWS::DynamoDB::GlobalTable': table,
  'AWS::Lambda::Function': (properties, place) => {
    const name = named(properties, 'FunctionName', place);
    return { ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
  },
  'AWS::S3::Bucket': (properties, place) => {
    const name = named(properties, 'BucketName', place).toLowerCase();
    return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: `${name}.s3.amazonaws.com` } };
  },
  'AWS::KMS::Key': (_properties, place) => {
    const id = uuidFrom(`${place.stack}/${place.logicalId}`);
    return { ref: id, attributes: { Arn: arn('kms', `key/${id}`), KeyId: id } };
  },
  'AWS::Events::EventBus': (properties, place) => {
    const name = named(properties, 'Name', place);
    return { ref: name, attributes: { Arn: arn('events', `event-bus/${name}`), Name: name } };
  },
  'AWS::Events::Rule': (properties, place) => {
    const name = named(properties, 'Name', place);
    return { ref: name, attributes: { Arn: arn('events', `rule/${name}`) } };
  },
  'AWS::SecretsManager::Secret': (properties, place) => {
    const name = named(properties, 'Name', place);
    const id = arn('secretsmanager', `secret:${name}`);
    return { ref: id, attributes: { Id: id } };
  },
  'AWS::SNS::Topic': (properties, place) => {
    const name = named(properties, 'TopicName', place, properties.FifoTopic === true ? '.fifo' : '');
    const id = arn('sns', name);
    return { ref: id, attributes: { TopicArn: id, TopicName: name } };
  },
  'AWS::ApiGatewayV2::Api': (_properties, place) => {
    const id = shortHash(`${place.stack}/${place.logicalId}`);
    return { ref: id, attributes: { ApiId: id, ApiEndpoint: place.publicUrl } };
  },
  'AWS::IAM::Role': (properties, place) => {
    const name = named(properties, 'RoleName', place);
    return { ref: name, attributes: { Arn: `arn:aws:iam::${ACCOUNT}:role/${name}` } };
  },
};

/** Kinds the runner does not perform still have names, since others mention them. */
export function identify(type: string, properties: Properties, place: Place): Identity {
  const known = identifiers[type];
  if (known !== undefined) return known(properties, place);
  const name = generatedName(place);
  const service = type.split('::')[1]?.toLowerCase() ?? 'unknown';
  return { ref: name, attributes: { Arn: arn(service, name), Id: name } };
}

export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

function table(properties: Properties, place: Place): Identity {
  const name = named(properties, 'TableName', place);
  const id = arn('dynamodb', `table/${name}`);
  return { ref: name, attributes: { Arn: id, StreamArn: `${id}/stream/local` } };
}

function named(properties: Properties, property: string, place: Place, suffix = ''): string {
  const given = properties[property];
  return typeof given === 'string' ? given : generatedName(place) + suffix;
}

function generatedName(place: Place): string {
  // The CDK's eight-character path hash says nothing to a person and differs between checkouts of a tree.
  return `${place.stack}-${place.logicalId.replace(/[0-9A-F]{8}$/, '')}`;
}

function uuidFrom(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
