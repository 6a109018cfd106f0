import { until } from '../bin/local/demo/until.ts';

/**
 * Salesforce's stamps count whole seconds: what is set in the same one has no order, and a write on the
 * condition that nothing has changed since passes over it.
 */
export async function untilAnotherSecond(): Promise<void> {
  const second = () => Math.floor(Date.now() / 1_000);
  const past = second() + 1;
  await until('another second', async () => (second() > past ? true : undefined), 5_000);
}
