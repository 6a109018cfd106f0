import type { RecordKind } from '../../../shared/domain/index.ts';
import type { Manifest } from '../../../shared/ports/index.ts';

/** Kind and opening words of a rule that exercises a capability. */
type Proof = readonly [RecordKind, string];

/** What a word in a manifest's `capabilities` promises, as rules of this suite; a word that is not here promises nothing. */
export const CAPABILITIES: Readonly<Record<string, readonly Proof[]>> = {
  messages: [
    ['comment', 'announces a person’s object'],
    ['comment', 'creates a copy'],
    ['comment', 'announces the hub’s own write'],
  ],
  threads: [['comment', 'announces a person’s object by the id it is read under, its root with it']],
  'direct-messages': [['ticket', 'takes a direct message']],
  edits: [
    ['comment', 'announces a person’s edit'],
    ['comment', 'updates by'],
  ],
  deletions: [
    ['comment', 'announces a deletion'],
    ['comment', 'deletes its own copy'],
  ],
  cases: [
    ['ticket', 'creates a copy'],
    ['ticket', 'updates by'],
  ],
  comments: [
    ['comment', 'creates a copy'],
    ['comment', 'writes an internal note'],
  ],
  contacts: [
    ['contact', 'creates a copy'],
    ['contact', 'matches an object'],
  ],
  accounts: [
    ['account', 'creates a copy'],
    ['account', 'matches an object'],
    ['contact', 'names in a copy'],
  ],
  files: [
    ['attachment', 'announces a person’s file'],
    ['attachment', 'downloads exactly the bytes'],
    ['attachment', 'brings a file in two steps'],
    ['attachment', 'brings a file once'],
    ['attachment', 'deletes its own file'],
  ],
  'change-events': [
    ['ticket', 'announces a person’s edit'],
    ['ticket', 'announces a deletion'],
    ['ticket', 'announces an object brought back'],
  ],
  'custom-fields': [
    ['ticket', 'describes every field'],
    ['contact', 'describes every field'],
    ['account', 'describes every field'],
  ],
  'delta-sync': [
    ['ticket', 'pulls everything'],
    ['comment', 'pulls what changed'],
  ],
  backfill: [
    ['ticket', 'exports everything'],
    ['comment', 'exports everything'],
    ['contact', 'exports everything'],
    ['account', 'exports everything'],
    ['attachment', 'exports everything'],
    ['ticket', 'creates many at once'],
    ['comment', 'creates many at once'],
    ['contact', 'creates many at once'],
    ['account', 'creates many at once'],
  ],
};

/** A rule that runs for this integration. */
export interface Ran {
  readonly kind: RecordKind;
  readonly title: string;
}

/** Declared capabilities that no rule is known for, or whose rules do not all run. */
export function unproven(
  { capabilities }: Pick<Manifest, 'capabilities'>,
  ran: readonly Ran[],
): readonly string[] {
  const runs = ([kind, opening]: Proof) =>
    ran.some((rule) => rule.kind === kind && rule.title.startsWith(opening));
  return capabilities.filter((capability) => CAPABILITIES[capability]?.every(runs) !== true);
}
