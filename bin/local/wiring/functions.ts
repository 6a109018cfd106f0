import { join } from 'node:path';
import { ConfigurationError } from '../../../shared/errors.ts';
import type { FunctionSpec } from '../lambda/function-spec.ts';
import type { Deployment, Resource } from '../template/deployment.ts';

interface FunctionProperties {
  readonly Handler?: string;
  readonly Code?: { readonly S3Key?: string };
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, unknown>> };
}

/**
 * The template's functions. `shared` is given to all; `issuer` to those that know the hub's public address,
 * since its issuer starts after the templates were made.
 */
export function functionsOf(
  deployment: Deployment,
  shared: Readonly<Record<string, string>>,
  issuer: Readonly<Record<string, string>>,
): readonly FunctionSpec[] {
  return deployment.ofType<FunctionProperties>('AWS::Lambda::Function').map((resource) => {
    const { Handler, Timeout = 3, MemorySize = 128, Environment } = resource.properties;
    if (Handler === undefined) throw new ConfigurationError(`${resource.logicalId} has no handler`);
    const own = Object.fromEntries(
      Object.entries(Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]),
    );
    const extra = own.PUBLIC_URL === undefined ? {} : issuer;
    return {
      name: resource.identity.ref,
      arn: resource.identity.attributes.Arn ?? '',
      handler: Handler,
      codeDir: bundleOf(resource),
      timeoutMs: Timeout * 1_000,
      memoryMb: MemorySize,
      // As on AWS each signs as itself, so that whoever looks can tell whose call it is.
      environment: { ...own, ...extra, ...shared, AWS_ACCESS_KEY_ID: resource.identity.ref },
    };
  });
}

function bundleOf(resource: Resource<FunctionProperties>): string {
  const key = resource.properties.Code?.S3Key;
  if (key === undefined) throw new ConfigurationError(`${resource.logicalId} has no bundle among the assets`);
  const name = key
    .split('/')
    .at(-1)
    ?.replace(/\.zip$/, '');
  return join(resource.stack.assetsDir, `asset.${name}`);
}
