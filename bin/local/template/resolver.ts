import { ConfigurationError } from '../../../shared/errors.ts';
import type { Stack, TemplateResource } from './assembly.ts';
import { type Identity, identify } from './identity.ts';
import { conditionHolds, intrinsics, noValue, type World } from './intrinsics.ts';

export interface Urls {
  /** Where the emulated AWS services answer. */
  readonly awsUrl: string;
  /** Where the HTTP API answers. */
  readonly publicUrl: string;
}

export interface Resolver {
  /** A value of a template with every intrinsic function replaced. */
  resolve(stack: Stack, value: unknown): unknown;
  identityOf(stack: Stack, logicalId: string): Identity;
  /** Whether the resource's condition, if any, holds. */
  exists(stack: Stack, resource: TemplateResource): boolean;
}

/**
 * Reads all stacks of an assembly as one world, so that an import resolves in the stack that exports it.
 * Every method throws ConfigurationError for a function or name the templates do not explain.
 */
export function createResolver(stacks: readonly Stack[], urls: Urls): Resolver {
  const identities = new Map<string, Identity>();
  const world: World = { stacks, resolve, identityOf };

  function resolve(stack: Stack, value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => resolve(stack, item)).filter(isPresent);
    if (typeof value !== 'object' || value === null) return value;
    const call = asCall(value);
    if (call !== undefined) return perform(call, stack, world);
    return Object.fromEntries(
      Object.entries(value)
        .map(([key, item]) => [key, resolve(stack, item)] as const)
        .filter(([, item]) => isPresent(item)),
    );
  }

  function identityOf(stack: Stack, logicalId: string): Identity {
    const key = `${stack.name}/${logicalId}`;
    const known = identities.get(key);
    if (known !== undefined) return known;
    const resource = stack.template.Resources?.[logicalId];
    if (resource === undefined) {
      throw new ConfigurationError(`${stack.name}: nothing is called ${logicalId}`);
    }
    const naming = Object.entries(resource.Properties ?? {}).filter(([name]) => /Name$|^Fifo/.test(name));
    const properties = resolve(stack, Object.fromEntries(naming)) as Record<string, unknown>;
    const identity = identify(resource.Type, properties, { stack: stack.name, logicalId, ...urls });
    identities.set(key, identity);
    return identity;
  }

  return {
    resolve: (stack, value) => {
      const resolved = resolve(stack, value);
      return isPresent(resolved) ? resolved : undefined;
    },
    identityOf,
    exists: (stack, resource) =>
      resource.Condition === undefined || conditionHolds(resource.Condition, stack, world),
  };
}

type Call = readonly [name: string, argument: unknown];

function asCall(value: object): Call | undefined {
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? [];
  const isCall = entries.length === 1 && name !== undefined && (name === 'Ref' || name.startsWith('Fn::'));
  return isCall ? [name, argument] : undefined;
}

function perform([name, argument]: Call, stack: Stack, world: World): unknown {
  const intrinsic = intrinsics[name];
  if (intrinsic !== undefined) return intrinsic(argument, stack, world);
  throw new ConfigurationError(`${stack.name}: ${name} is not understood by the local hub`);
}

function isPresent(value: unknown): boolean {
  return value !== noValue;
}
