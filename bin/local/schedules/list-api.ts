import type { PathHandler } from '../aws/endpoint.ts';
import { answerJson } from '../http-server.ts';
import type { Deployment } from '../template/deployment.ts';

interface ScheduleProperties {
  readonly GroupName?: string;
  readonly State?: string;
  readonly Target: { readonly Arn: string };
}

/** EventBridge Scheduler's ListSchedules: the only operation of it that one machine has a use for. */
export function scheduleLists(deployment: Deployment): PathHandler {
  const schedules = deployment.ofType<ScheduleProperties>('AWS::Scheduler::Schedule');
  return async (path, request, response) => {
    if (path !== '/schedules' || request.method !== 'GET') return false;
    const Schedules = schedules.map(({ properties, identity }) => ({
      Arn: identity.attributes.Arn,
      Name: identity.ref,
      GroupName: properties.GroupName ?? 'default',
      State: properties.State ?? 'ENABLED',
      Target: { Arn: properties.Target.Arn },
    }));
    answerJson(response, 200, { Schedules });
    return true;
  };
}
