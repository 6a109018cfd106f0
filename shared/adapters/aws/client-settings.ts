/**
 * Shared by all clients. Everything the SDK would otherwise look for in files is said here, and an endpoint
 * that hangs costs seconds, not the function's life.
 */
export function clientSettings() {
  return {
    region: process.env.AWS_REGION ?? 'us-east-1',
    defaultsMode: 'standard',
    retryMode: 'standard',
    maxAttempts: 3,
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
  } as const;
}
