/** One function as the template describes it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  /** `file.export`, within `codeDir`. */
  readonly handler: string;
  readonly codeDir: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

export type InvocationResult =
  | { readonly outcome: 'answered'; readonly payload: string }
  | {
      readonly outcome: 'failed';
      /** `handler`: it threw; the sandbox lives on. All others cost the sandbox. */
      readonly how: 'handler' | 'timeout' | 'crash' | 'init' | 'stopped';
      readonly errorType: string;
      readonly errorMessage: string;
    };

/** Lambda's own variables beside the template's; nothing of the machine's environment comes in. */
export function sandboxEnvironment(spec: FunctionSpec, runtimeApi: string): Record<string, string> {
  return {
    ...spec.environment,
    ...(process.env.PATH === undefined ? {} : { PATH: process.env.PATH }),
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: spec.handler,
    LAMBDA_TASK_ROOT: spec.codeDir,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${spec.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: '/nonexistent/config',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent/credentials',
  };
}
