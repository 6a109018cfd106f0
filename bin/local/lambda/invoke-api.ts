import type { PathHandler } from '../aws/endpoint.ts';
import { answerJson, readBody } from '../http-server.ts';
import type { Invoke } from '../wiring/invoke.ts';
import type { AsynchronousInvoker } from './asynchronous.ts';
import type { FunctionSpec } from './function-spec.ts';

/** Lambda's Invoke and ListFunctions, so that any AWS client can find and call a function. */
export function invokeApi(
  specs: readonly FunctionSpec[],
  invoke: Invoke,
  later: AsynchronousInvoker,
): PathHandler {
  const names = specs.map(({ name }) => name);
  return async (path, request, response) => {
    const [, name] = path.match(/^\/2015-03-31\/functions\/([^/]+)\/invocations$/) ?? [];
    if (request.method === 'GET' && /^\/2015-03-31\/functions\/?$/.test(path)) {
      answerJson(response, 200, { Functions: specs.map(configurationOf) });
      return true;
    }
    if (name === undefined || request.method !== 'POST') return false;
    const functionName = decodeURIComponent(name).split(':').at(-1) ?? '';
    if (!names.includes(functionName)) {
      response.setHeader('x-amzn-errortype', 'ResourceNotFoundException');
      answerJson(response, 404, { Message: `Function not found: ${functionName}` });
      return true;
    }
    const text = (await readBody(request)).toString('utf8');
    const payload = text === '' ? '{}' : text;
    if (request.headers['x-amz-invocation-type'] === 'Event') {
      later.accept(functionName, payload);
      response.writeHead(202).end();
      return true;
    }
    const result = await invoke(functionName, payload);
    if (result.outcome === 'answered') {
      response.writeHead(200, { 'content-type': 'application/json' }).end(result.payload);
      return true;
    }
    response.setHeader('x-amz-function-error', 'Unhandled');
    answerJson(response, 200, { errorType: result.errorType, errorMessage: result.errorMessage });
    return true;
  };
}

function configurationOf(spec: FunctionSpec): Record<string, unknown> {
  return {
    FunctionName: spec.name,
    FunctionArn: spec.arn,
    Runtime: 'nodejs24.x',
    Handler: spec.handler,
    Timeout: spec.timeoutMs / 1_000,
    MemorySize: spec.memoryMb,
    Environment: { Variables: spec.environment },
    Version: '$LATEST',
  };
}
