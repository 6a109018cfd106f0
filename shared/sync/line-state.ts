import type { ConnectionId, RecordId } from '../domain/ids.ts';

/** A child with work to do, as a line lists it. */
export interface Behind {
  id: RecordId;
  position: string;
  /** The source's own order of its children. */
  source?: ConnectionId;
  order?: string;
  /** Not yet seen whole: its followers of the same source wait for it at every target. */
  isUnread?: true;
  /** Nothing to do for it here until what it hangs on is alive again. */
  awaitsLife?: true;
}

/**
 * Children with work to do, in order. Only the first of a long line stand here: an item has an end, and a conversation
 * has none. Who stands beyond has an item of its own in order (`lineKey`), and its own state says what it lacks.
 */
export interface Line {
  behind: Behind[];
  /** After this place whoever has work is found by looking; `unread`: before that, none is still to be read. */
  beyond?: { after: string; unread?: string };
}

/** The item of a child that stands beyond a line, under its place. */
export interface Unlisted {
  id: RecordId;
}
