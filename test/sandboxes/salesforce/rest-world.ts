import type { Connection } from 'jsforce';
import { connect } from './connect.ts';
import { type SalesforceSandbox, startSalesforceSandbox } from './index.ts';

export const BASE = '/services/data/v67.0';

export interface Raw {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A sandbox whose clock stands still until it is moved, and two ways to speak to it: the official client, and bare HTTP. */
export async function openRest() {
  const clock = { nowMs: Date.parse('2026-11-22T12:00:00.750Z') };
  const sandbox: SalesforceSandbox = await startSalesforceSandbox({ clock: { now: () => clock.nowMs } });
  const connection: Connection = await connect(sandbox, clock.nowMs);
  const call = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Raw> => {
    const response = await fetch(`${sandbox.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${connection.accessToken}`,
        'content-type': 'application/json',
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  };
  const newCase = async (fields: Record<string, unknown> = {}): Promise<string> => {
    const made = await connection.sobject('Case').create({ Subject: 'a case', ...fields });
    return made.id ?? '';
  };
  return { clock, sandbox, connection, call, newCase };
}

export const errorCode = (raw: Raw): string => (raw.body as { errorCode: string }[])[0]?.errorCode ?? '';
