import type { Scalar } from './client.ts';

/** What the customers or companies are called whose ids are values. */
export type Called = Readonly<Record<string, string>>;

/** A value that gave way to another, which can be restored, or why it cannot. */
export interface Lost {
  readonly id: string;
  readonly lost: Scalar;
  readonly source: string;
  readonly lostAt: string;
  readonly kept: Scalar;
  readonly keptBy: string;
  readonly reason: string;
  readonly isRestorable: boolean;
  readonly refusal?: string;
  readonly names?: Called;
}

/** One link of the chain behind a field's value. */
export type Step = { readonly at: string } & (
  | {
      readonly type: 'set';
      readonly from: Scalar;
      readonly to: Scalar;
      readonly source: string;
      readonly actor: string;
    }
  | ({ readonly type: 'lost' } & Lost)
  | { readonly type: 'begun'; readonly value: Scalar; readonly source?: string; readonly actor?: string }
);
export interface FieldStory {
  readonly record: string;
  readonly field: string;
  readonly value: Scalar;
  readonly steps: readonly Step[];
  readonly names?: Called;
}
