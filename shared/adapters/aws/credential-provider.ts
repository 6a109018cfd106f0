import type { AwsCredentialIdentity } from '@aws-sdk/types';
import { ConfigurationError } from '../../errors.ts';

/**
 * Takes the place of @aws-sdk/credential-provider-node in the bundles: Lambda always hands its credentials
 * over in the environment, and the chain of files, SSO and instance metadata is 90 KB of cold start.
 */
export function defaultProvider(): () => Promise<AwsCredentialIdentity> {
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
    if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
      throw new ConfigurationError(
        'AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both in the environment',
      );
    }
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      ...(AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {}),
    };
  };
}
