import { CANONICAL_FIELDS } from '../../domain/record.ts';
import { InvalidInputError } from '../../errors.ts';
import type { Conflict, FieldStep, Reading } from '../../ports/read.ts';
import type { Item } from '../../ports/store.ts';
import { currentValue } from '../projection.ts';
import type { AnyRecord } from '../state.ts';
import { type History, historyEntries } from './journal.ts';
import type { ReadingDeps } from './source.ts';
import { isJournal, type Story, storyOf } from './story.ts';

/** A record of a ticket's story, with the journal that tells of it, and what stands before the ids of its entries. */
interface Subject {
  readonly record: AnyRecord;
  readonly journal: readonly Item<History>[];
  readonly within: string;
}

function subjectOf({ root, children, items, others }: Story, id: string): Subject | undefined {
  const journal = items.filter(isJournal) as readonly Item<History>[];
  const own = [root, ...children].find((each) => each.id === id);
  if (own !== undefined) return { record: own, journal, within: '' };
  const other = others.find((each) => each.root.id === id);
  if (other === undefined) return undefined;
  return { record: other.root, journal: other.items as readonly Item<History>[], within: `${id}.` };
}

/** Each commit that set it, and each value that did not come to stand or stood no longer. */
function stepsIn({ record, journal, within }: Subject, field: string): readonly FieldStep[] {
  const records = new Map([[record.id as string, record]]);
  return journal.flatMap((item): FieldStep[] => {
    const { atMs, revision = 0, changes = [] } = item.data;
    const set = changes.flatMap(({ record: of, fields, source, actor }): FieldStep[] => {
      const change = of === record.id ? fields[field] : undefined;
      return change === undefined ? [] : [{ type: 'set', atMs, revision, ...change, source, actor }];
    });
    const lost = historyEntries(item, records, within)
      .filter((entry): entry is Conflict => entry.type === 'conflict')
      .filter((conflict) => conflict.record === record.id && conflict.field === field)
      .map((conflict): FieldStep => ({ ...conflict, type: 'lost' }));
    return [...set, ...lost];
  });
}

/** What it was first: from before the oldest change, else what stands there still. */
function beginning(record: AnyRecord, field: string, steps: readonly FieldStep[]): FieldStep {
  const oldest = steps.find((step) => step.type === 'set');
  const by = record.provenance[field];
  const known = oldest === undefined && by !== undefined ? { source: by.source, actor: by.actor } : {};
  const value = oldest?.type === 'set' ? oldest.from : currentValue(record, field);
  return { type: 'begun', atMs: record.createdAtMs, value, ...known };
}

function isField({ kind, fields, provenance }: AnyRecord, field: string): boolean {
  const known: readonly string[] = CANONICAL_FIELDS[kind];
  const isVisibility = kind === 'comment' && field === 'visibility';
  return (
    known.includes(field) || isVisibility || Object.hasOwn(fields, field) || Object.hasOwn(provenance, field)
  );
}

export function whyReading(deps: ReadingDeps): Pick<Reading, 'why'> {
  return {
    async why(organization, ticket, { field, record: id = ticket }) {
      const story = await storyOf(deps, organization, ticket);
      const subject = story && subjectOf(story, id === ticket ? story.root.id : id);
      if (subject === undefined) return undefined;
      const { record } = subject;
      if (!isField(record, field))
        throw new InvalidInputError(`not a field of a ${record.kind}`, { pointer: '/field' });
      const steps = [...stepsIn(subject, field)].sort((a, b) => a.atMs - b.atMs);
      return {
        record: record.id,
        kind: record.kind,
        field,
        value: currentValue(record, field),
        steps: [...steps, beginning(record, field, steps)].sort((a, b) => b.atMs - a.atMs),
      };
    },
  };
}
