import { readFileSync } from 'node:fs';
import type { MappingContext } from '../../../../shared/ports/index.ts';

type Json = Record<string, unknown>;
export interface Envelope extends Json {
  readonly event: Json & { readonly message?: Json; readonly previous_message?: Json };
}

export function payload(name: string): Envelope {
  const file = new URL(`../../../fixtures/slack/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Envelope;
}

/** The same payload with other values in its event. */
export function withEvent(name: string, changes: Json): Envelope {
  const envelope = payload(name);
  return { ...envelope, event: { ...envelope.event, ...changes } };
}

export function bytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}

export const CONTEXT: MappingContext = {
  hubUserId: 'U0HUB000001',
  settings: {},
  receivedAtMs: Date.parse('2026-03-01T12:00:00Z'),
};
