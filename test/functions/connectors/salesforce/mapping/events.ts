import { readFileSync } from 'node:fs';
import { mapping } from '../../../../../functions/connectors/salesforce/mapping.ts';
import type { Decoded, MappingContext, Observation } from '../../../../../shared/ports/index.ts';

export const HUB = '005Ws0000000001IAA';
export const COMMITTED = Date.parse('2026-11-22T12:00:00.000Z');
export const CONTEXT: MappingContext = { hubUserId: HUB, settings: {}, receivedAtMs: COMMITTED + 1_500 };

interface Kept {
  readonly 'detail-type': string;
  readonly detail: Record<string, unknown>;
}

/** A published event as EventBridge hands it over, with parts of it changed. */
export function fixture(name: string, change: (event: Kept) => unknown = (event) => event): Uint8Array {
  const path = new URL(`../../../../fixtures/salesforce/${name}.json`, import.meta.url);
  const { event } = JSON.parse(readFileSync(path, 'utf8')) as { event: Kept };
  return Buffer.from(JSON.stringify(change(event)));
}

export const decoded = (body: Uint8Array, context: Partial<MappingContext> = {}): Decoded =>
  mapping.decode(body, 'application/json', { ...CONTEXT, ...context });

export function observed(body: Uint8Array, context: Partial<MappingContext> = {}): readonly Observation[] {
  const result = decoded(body, context);
  if (result.outcome === 'filtered') throw new Error(`expected observations, saw filtered: ${result.reason}`);
  return result.observations;
}

type Relayed = { detail: { payload: Record<string, unknown> } };
/** Changes one value inside the payload of a relayed event. */
export const withPayload = (changes: Record<string, unknown>) => (event: unknown) => {
  const { detail, ...rest } = event as Relayed;
  return { ...rest, detail: { payload: { ...detail.payload, ...changes } } };
};
export const withHeader = (changes: Record<string, unknown>) => (event: unknown) => {
  const { payload } = (event as Relayed).detail;
  const header = { ...(payload.ChangeEventHeader as object), ...changes };
  return withPayload({ ChangeEventHeader: header })(event);
};
