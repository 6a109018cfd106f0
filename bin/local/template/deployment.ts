import { ConfigurationError } from '../../../shared/errors.ts';
import type { Stack, TemplateResource } from './assembly.ts';
import type { Identity } from './identity.ts';
import { createResolver, type Urls } from './resolver.ts';

/** One resource of the assembly, every intrinsic function replaced. */
export interface Resource<Properties = Readonly<Record<string, unknown>>> {
  readonly type: string;
  readonly stack: Stack;
  readonly logicalId: string;
  readonly identity: Identity;
  readonly properties: Properties;
}

/** All that the templates say would be deployed. */
export interface Deployment {
  readonly resources: readonly Resource[];
  ofType<Properties>(...types: string[]): readonly Resource<Properties>[];
  /** By what `Ref` or an ARN attribute gave. @throws ConfigurationError when the templates hold no such thing. */
  find(id: string): Resource;
}

export function readDeployment(stacks: readonly Stack[], urls: Urls): Deployment {
  const resolver = createResolver(stacks, urls);
  const resources = stacks.flatMap((stack) =>
    Object.entries(stack.template.Resources ?? {})
      .filter(([, resource]) => resolver.exists(stack, resource) && isPerformed(resource))
      .map(
        ([logicalId, resource]): Resource => ({
          type: resource.Type,
          stack,
          logicalId,
          identity: resolver.identityOf(stack, logicalId),
          properties: (resolver.resolve(stack, resource.Properties ?? {}) ?? {}) as Record<string, unknown>,
        }),
      ),
  );
  return {
    resources,
    ofType: <Properties>(...types: string[]) =>
      resources.filter((resource) => types.includes(resource.type)) as unknown as Resource<Properties>[],
    find: (id) => {
      const found = resources.find((resource) => isCalled(resource, id));
      if (found !== undefined) return found;
      throw new ConfigurationError(`the templates hold nothing called ${id}`);
    },
  };
}

function isCalled(resource: Resource, id: string): boolean {
  return resource.identity.ref === id || Object.values(resource.identity.attributes).includes(id);
}

// Permissions, dashboards and the like have no effect on one machine; their odd references need not resolve.
const performed = [
  'AWS::ApiGatewayV2::',
  'AWS::CloudWatch::Alarm',
  'AWS::DynamoDB::',
  'AWS::Events::',
  'AWS::KMS::',
  'AWS::Lambda::',
  'AWS::S3::Bucket',
  'AWS::SNS::',
  'AWS::SQS::Queue',
  'AWS::Scheduler::',
  'AWS::SecretsManager::',
];
const unperformed = ['AWS::Lambda::Permission', 'AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy'];

function isPerformed({ Type }: TemplateResource): boolean {
  return performed.some((prefix) => Type.startsWith(prefix)) && !unperformed.includes(Type);
}
