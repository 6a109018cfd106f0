import { ConfigurationError } from '../../../shared/errors.ts';
import type { Rule } from '../aws/event-bridge.ts';
import type { AsynchronousTarget } from '../lambda/asynchronous.ts';
import type { Schedule } from '../schedules/schedules.ts';
import type { Deployment } from '../template/deployment.ts';
import { functionNameOf, type Invoke } from './invoke.ts';

interface TargetProperties {
  readonly Arn: string;
  readonly Input?: string;
  readonly InputPath?: string;
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly InputTransformer?: unknown;
}
interface RuleProperties {
  readonly EventPattern?: unknown;
  readonly ScheduleExpression?: string;
  readonly EventBusName?: string;
  readonly State?: string;
  readonly Targets?: readonly TargetProperties[];
}
interface ScheduleProperties {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: string;
  readonly Target: TargetProperties;
}
interface InvokeConfigProperties {
  readonly FunctionName: string;
  readonly MaximumRetryAttempts?: number;
  readonly DestinationConfig?: { readonly OnFailure?: { readonly Destination?: string } };
}

export function busesOf(deployment: Deployment): readonly string[] {
  return deployment.ofType('AWS::Events::EventBus').map(({ identity }) => identity.ref);
}

export function rulesOf(deployment: Deployment): readonly Rule[] {
  return deployment
    .ofType<RuleProperties>('AWS::Events::Rule')
    .filter(({ properties }) => properties.EventPattern !== undefined && properties.State !== 'DISABLED')
    .map(({ properties, identity }) => ({
      name: identity.ref,
      busName: busNameOf(properties.EventBusName),
      pattern: properties.EventPattern,
      targets: (properties.Targets ?? []).map((target) => ({
        arn: plainTarget(identity.ref, target).Arn,
        ...(target.Input === undefined ? {} : { input: target.Input }),
        ...(target.InputPath === undefined ? {} : { inputPath: target.InputPath }),
        ...(target.SqsParameters?.MessageGroupId === undefined
          ? {}
          : { messageGroupId: target.SqsParameters.MessageGroupId }),
      })),
    }));
}

function plainTarget(rule: string, target: TargetProperties): TargetProperties {
  if (target.InputTransformer === undefined) return target;
  throw new ConfigurationError(
    `the rule ${rule} has an InputTransformer, which the local hub does not perform: use Input or InputPath`,
  );
}

/** Of EventBridge Scheduler, and of rules with a schedule, which run in UTC. */
export function schedulesOf(
  deployment: Deployment,
  deliver: (target: TargetProperties, atMs: number) => void,
): readonly Schedule[] {
  const fromScheduler = deployment
    .ofType<ScheduleProperties>('AWS::Scheduler::Schedule')
    .filter(({ properties }) => properties.State !== 'DISABLED')
    .map(
      ({ properties }): Schedule => ({
        name: functionNameOf(properties.Target.Arn),
        expression: properties.ScheduleExpression,
        timeZone: properties.ScheduleExpressionTimezone ?? 'UTC',
        fire: (atMs) => deliver(properties.Target, atMs),
      }),
    );
  const fromRules = deployment
    .ofType<RuleProperties>('AWS::Events::Rule')
    .filter(
      ({ properties }) => properties.ScheduleExpression !== undefined && properties.State !== 'DISABLED',
    )
    .map(
      ({ properties, identity }): Schedule => ({
        name: identity.ref,
        expression: properties.ScheduleExpression ?? '',
        timeZone: 'UTC',
        fire: (atMs) => {
          for (const target of properties.Targets ?? []) deliver(target, atMs);
        },
      }),
    );
  return [...fromScheduler, ...fromRules];
}

export function asynchronousTargetsOf(deployment: Deployment, invoke: Invoke): readonly AsynchronousTarget[] {
  const configs = deployment.ofType<InvokeConfigProperties>('AWS::Lambda::EventInvokeConfig');
  return deployment
    .ofType<{ DeadLetterConfig?: { TargetArn?: string } }>('AWS::Lambda::Function')
    .map((fn) => {
      const functionName = fn.identity.ref;
      const config = configs.find(
        ({ properties }) => functionNameOf(properties.FunctionName) === functionName,
      );
      return {
        functionName,
        maximumRetries: config?.properties.MaximumRetryAttempts ?? 2,
        deadLetterArn:
          config?.properties.DestinationConfig?.OnFailure?.Destination ??
          fn.properties.DeadLetterConfig?.TargetArn,
        invoke: (payload) => invoke(functionName, payload),
      };
    });
}

function busNameOf(name: string | undefined): string {
  return name === undefined ? 'default' : (name.split(':event-bus/').at(-1) ?? name);
}
