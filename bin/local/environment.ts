import { REGION } from './account.ts';

/** No secret of anybody's. */
const KEY = { id: 'local', secret: 'local' } as const;

/** There is one secret; functions sign with it under their own names. */
export const localSecrets =
  (functions: readonly string[] = []) =>
  (id: string): string | undefined =>
    id === KEY.id || functions.includes(id) ? KEY.secret : undefined;

/** What the AWS SDK needs to find the emulated services; true of functions and of any outside client. */
export function awsEnvironment(awsUrl: string, dynamoDbUrl: string): Record<string, string> {
  const services = ['SQS', 'S3', 'SNS', 'STS', 'KMS', 'LAMBDA', 'EVENTBRIDGE', 'SECRETS_MANAGER'];
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: KEY.id,
    AWS_SECRET_ACCESS_KEY: KEY.secret,
    AWS_ENDPOINT_URL: awsUrl,
    ...Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, awsUrl])),
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl,
  };
}
