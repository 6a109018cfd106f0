import { ConfigurationError } from '../../../shared/errors.ts';
import type { RouteTarget } from '../http-api/front.ts';
import type { Route } from '../http-api/routes.ts';
import type { Deployment } from '../template/deployment.ts';
import type { Invoke } from './invoke.ts';

interface RouteProperties {
  readonly RouteKey: string;
  readonly Target: string;
  readonly AuthorizationType?: string;
}
interface IntegrationProperties {
  readonly IntegrationUri: string;
  readonly PayloadFormatVersion?: string;
}

export function routesOf(deployment: Deployment, invoke: Invoke): readonly Route<RouteTarget>[] {
  return deployment.ofType<RouteProperties>('AWS::ApiGatewayV2::Route').map(({ properties }) => {
    const { RouteKey, Target, AuthorizationType = 'NONE' } = properties;
    if (AuthorizationType !== 'NONE') {
      throw new ConfigurationError(`${RouteKey}: authorizers are not part of the local hub`);
    }
    const integration = deployment.find(Target.replace('integrations/', ''));
    const { IntegrationUri, PayloadFormatVersion } =
      integration.properties as unknown as IntegrationProperties;
    if (PayloadFormatVersion !== '2.0')
      throw new ConfigurationError(`${RouteKey}: expected payload format 2.0`);
    return { key: RouteKey, target: (event) => invoke(IntegrationUri, event) };
  });
}
