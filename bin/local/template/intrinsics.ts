import { ConfigurationError } from '../../../shared/errors.ts';
import { ACCOUNT, REGION } from '../account.ts';
import type { Stack } from './assembly.ts';
import type { Identity } from './identity.ts';

/** `AWS::NoValue`: the property that holds it does not exist. */
export const noValue = Symbol('AWS::NoValue');

/** What an intrinsic function may ask of the templates around it. */
export interface World {
  readonly stacks: readonly Stack[];
  resolve(stack: Stack, value: unknown): unknown;
  identityOf(stack: Stack, logicalId: string): Identity;
}

type Intrinsic = (argument: unknown, stack: Stack, world: World) => unknown;

const pseudoParameters: Readonly<Record<string, unknown>> = {
  'AWS::NoValue': noValue,
  'AWS::Region': REGION,
  'AWS::AccountId': ACCOUNT,
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::NotificationARNs': [],
};

const ref: Intrinsic = (argument, stack, world) => {
  const name = String(argument);
  if (name in pseudoParameters) return pseudoParameters[name];
  if (name === 'AWS::StackName') return stack.name;
  if (name === 'AWS::StackId') {
    return `arn:aws:cloudformation:${REGION}:${ACCOUNT}:stack/${stack.name}/local`;
  }
  const parameter = stack.template.Parameters?.[name];
  return parameter === undefined ? world.identityOf(stack, name).ref : (parameter.Default ?? '');
};

const getAtt: Intrinsic = (argument, stack, world) => {
  const parts = Array.isArray(argument) ? argument.map(String) : String(argument).split('.');
  const [logicalId = '', ...path] = parts;
  const attribute = path.join('.');
  const found = world.identityOf(stack, logicalId).attributes[attribute];
  if (found !== undefined) return found;
  throw new ConfigurationError(`${stack.name}: ${logicalId} has no attribute ${attribute}`);
};

const sub: Intrinsic = (argument, stack, world) => {
  const [text, map] = Array.isArray(argument) ? argument : [argument, {}];
  const values = world.resolve(stack, map) as Record<string, unknown>;
  return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
    if (literal !== '') return `\${${name}}`;
    if (name in values) return String(values[name]);
    return String(name.includes('.') ? getAtt(name, stack, world) : ref(name, stack, world));
  });
};

const importValue: Intrinsic = (argument, stack, world) => {
  const name = world.resolve(stack, argument);
  for (const exporter of world.stacks) {
    for (const output of Object.values(exporter.template.Outputs ?? {})) {
      if (output.Export !== undefined && world.resolve(exporter, output.Export.Name) === name) {
        return world.resolve(exporter, output.Value);
      }
    }
  }
  throw new ConfigurationError(`${stack.name}: no stack exports ${String(name)}`);
};

/** The CDK's way to another stack's value without an export, which would lock that stack. */
const getStackOutput: Intrinsic = (argument, stack, world) => {
  const { StackName, OutputName } = world.resolve(stack, argument) as Record<string, string>;
  const owner = world.stacks.find((candidate) => candidate.name === StackName);
  const output = owner?.template.Outputs?.[OutputName ?? ''];
  if (owner !== undefined && output !== undefined) return world.resolve(owner, output.Value);
  throw new ConfigurationError(`${stack.name}: ${StackName} has no output ${OutputName}`);
};

export function conditionHolds(name: unknown, stack: Stack, world: World): boolean {
  const expression = stack.template.Conditions?.[String(name)];
  if (expression === undefined) {
    throw new ConfigurationError(`${stack.name}: no condition is called ${String(name)}`);
  }
  return isTrue(expression, stack, world);
}

function isTrue(expression: unknown, stack: Stack, world: World): boolean {
  if (typeof expression === 'object' && expression !== null && 'Condition' in expression) {
    return conditionHolds(expression.Condition, stack, world);
  }
  return world.resolve(stack, expression) === true;
}

/** CloudFormation's intrinsic functions, by name. */
export const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: ref,
  'Fn::GetAtt': getAtt,
  'Fn::Sub': sub,
  'Fn::ImportValue': importValue,
  'Fn::GetStackOutput': getStackOutput,
  'Fn::Join': (argument, stack, world) => {
    const [separator, parts] = world.resolve(stack, argument) as [string, unknown[]];
    return parts.join(separator);
  },
  'Fn::Select': (argument, stack, world) => {
    const [index, items] = world.resolve(stack, argument) as [number | string, unknown[]];
    return items[Number(index)];
  },
  'Fn::Split': (argument, stack, world) => {
    const [separator, text] = world.resolve(stack, argument) as [string, string];
    return text.split(separator);
  },
  'Fn::FindInMap': (argument, stack, world) => {
    const [map = '', first = '', second = ''] = (world.resolve(stack, argument) as unknown[]).map(String);
    return stack.template.Mappings?.[map]?.[first]?.[second];
  },
  'Fn::If': (argument, stack, world) => {
    const [name, yes, no] = argument as [string, unknown, unknown];
    return world.resolve(stack, conditionHolds(name, stack, world) ? yes : no);
  },
  'Fn::Equals': (argument, stack, world) => {
    const [left, right] = world.resolve(stack, argument) as [unknown, unknown];
    return left === right;
  },
  'Fn::Not': (argument, stack, world) => !isTrue((argument as unknown[])[0], stack, world),
  'Fn::And': (argument, stack, world) => (argument as unknown[]).every((item) => isTrue(item, stack, world)),
  'Fn::Or': (argument, stack, world) => (argument as unknown[]).some((item) => isTrue(item, stack, world)),
};
