import {
  type BusEntry,
  type SalesforceSandbox,
  type SalesforceSandboxOptions,
  startSalesforceSandbox,
} from './index.ts';

export interface Received {
  readonly type: string;
  readonly payload: Record<string, unknown>;
  readonly header: Record<string, unknown>;
}

const running: SalesforceSandbox[] = [];
/** For `afterEach`. */
export async function closeAll(): Promise<void> {
  for (const sandbox of running.splice(0)) await sandbox.close();
}

/** A sandbox that relays at once, and what was relayed so far. */
export async function start(options: SalesforceSandboxOptions = {}) {
  const entries: BusEntry[] = [];
  const sandbox = await startSalesforceSandbox({
    eventDelayMs: 0,
    publishEvents: async (batch) => {
      entries.push(...batch);
    },
    ...options,
  });
  running.push(sandbox);
  const received = async (): Promise<Received[]> => {
    await sandbox.flush();
    return entries.map((entry) => {
      const { payload } = JSON.parse(entry.Detail) as { payload: Record<string, unknown> };
      return {
        type: entry.DetailType,
        payload,
        header: (payload.ChangeEventHeader ?? {}) as Record<string, unknown>,
      };
    });
  };
  return { sandbox, entries, received };
}
