import { REGION } from './account.ts';

/** What the AWS SDK needs to find the emulated services; true of functions and of any outside client. */
export function awsEnvironment(awsUrl: string, dynamoDbUrl: string): Record<string, string> {
  const services = ['SQS', 'S3', 'SNS', 'STS', 'KMS', 'LAMBDA', 'EVENTBRIDGE', 'SECRETS_MANAGER'];
  return {
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL: awsUrl,
    ...Object.fromEntries(services.map((service) => [`AWS_ENDPOINT_URL_${service}`, awsUrl])),
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbUrl,
  };
}
