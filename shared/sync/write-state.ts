import type { FieldValue } from '../domain/record.ts';
import type { Authorship, Version } from '../ports/mapping.ts';
import type { Values } from './journal.ts';

/** A state's place in its source's own time: by that source's clock, which none of the hub's has to agree with. */
export interface Moment {
  atMs: number;
  version?: Version;
}

/** Our last settled write on a copy; what it carried may come back normalised. */
export interface Wrote {
  fields: Values;
  /** The state it was decided on. */
  base: Moment;
  /** The first state seen that includes it. */
  seen?: Moment;
  version?: Version;
}
/** What became of a request of ours on one field, of which no look has shown what it came back as. */
export type Unshown = 'written' | 'given-up';
/** A write of ours on one field, for judging what is heard of the time around it. */
export interface Written {
  value: FieldValue;
  /** It made the copy: nothing can have stood there before. */
  isFirst?: true;
  /** It could be carried out only while the copy was still what it was decided on. */
  isConditional?: true;
  /** What stood there when the write was decided, and since when it had. */
  was?: FieldValue;
  stood?: Moment;
  base: Moment;
  /** Until it is seen nobody knows whether something heard came before or after. */
  seen?: Moment;
  /** What looks of that very moment have shown to stand there instead, each judged then. */
  shown?: FieldValue[];
}
/** An observation that could not be judged when it came; judged at the next settlement or read. */
export interface Heard {
  fields: Values;
  atMs: number;
  /** By the hub's clock. */
  receivedAtMs?: number;
  fieldTimesMs?: Record<string, number>;
  version?: Version;
  authorship: Authorship;
  isExact?: boolean;
}
