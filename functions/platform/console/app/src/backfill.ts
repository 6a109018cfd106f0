import type { Fault } from './client.ts';

export interface Backfill {
  readonly id: string;
  readonly direction: 'in' | 'out';
  readonly state: 'planned' | 'exporting' | 'importing' | 'copying' | 'done' | 'cancelled' | 'failed';
  readonly records: number;
  readonly total?: number;
  readonly perSecond: number;
  readonly secondsLeft?: number;
  readonly parked: number;
  readonly open: number;
  readonly trouble?: { readonly reason: string; readonly fault: Fault };
  readonly failure?: { readonly reason: string; readonly fault: Fault };
  readonly endedAt?: string;
}
