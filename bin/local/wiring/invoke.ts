import type { Pace } from '../../../lib/constructs/pace.ts';
import { ConfigurationError } from '../../../shared/errors.ts';
import type { InvocationResult } from '../lambda/function-spec.ts';
import type { Pool } from '../lambda/pool.ts';

/** Runs a function, named or by its arn, and gives what became of it. `live` where nobody says otherwise. */
export type Invoke = (functionId: string, payload: string, pace?: Pace) => Promise<InvocationResult>;

export function invokerOf(pools: readonly Pool[]): Invoke {
  return (functionId, payload, pace = 'live') => {
    const name = functionNameOf(functionId);
    const pool = pools.find((each) => each.spec.name === name && each.pace === pace);
    if (pool === undefined) throw new ConfigurationError(`there is no function ${functionId}`);
    return pool.invoke(payload);
  };
}

/** From a name, an arn, or the address API Gateway gives an integration. */
export function functionNameOf(id: string): string {
  return id.match(/function:([^:/]+)/)?.[1] ?? id;
}
