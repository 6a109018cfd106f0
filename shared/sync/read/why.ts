import type { OrganizationId } from '../../domain/ids.ts';
import { CANONICAL_FIELDS, type FieldValue, isMapped } from '../../domain/record.ts';
import { InvalidInputError } from '../../errors.ts';
import { customName } from '../../mapping/index.ts';
import type { FieldStep, FieldStory, Reading } from '../../ports/read.ts';
import type { Item } from '../../ports/store.ts';
import { documentOf } from '../places.ts';
import { currentValue, hasVisibility } from '../projection.ts';
import { isReference } from '../restore.ts';
import type { AnyRecord } from '../state.ts';
import { conflictsOf, type History } from './journal.ts';
import { recordAt } from './records.ts';
import { namesAmong, referredBy } from './references.ts';
import { toldOfLosses } from './refusals.ts';
import { placesIn, type ReadingDeps } from './source.ts';
import { isJournal, journalOf, type Story, storyOf } from './story.ts';

/** A record with the journal that tells of it, and what stands before the ids of its entries. */
interface Subject {
  readonly record: AnyRecord;
  readonly journal: readonly Item<History>[];
  readonly within: string;
}

function subjectOf({ root, children, items, others }: Story, id: string): Subject | undefined {
  const own = [root, ...children].find((each) => each.id === id);
  if (own !== undefined) return { record: own, journal: items.filter(isJournal), within: '' };
  const other = others.find((each) => each.root.id === id);
  return other && { record: other.root, journal: other.items, within: `${id}.` };
}

/** Each commit that set it. */
function changesIn({ record, journal }: Subject, field: string): readonly FieldStep[] {
  return journal.flatMap(({ data }): FieldStep[] => {
    const { atMs, revision = 0, changes = [] } = data;
    return changes.flatMap(({ record: of, fields, source, actor }): FieldStep[] => {
      const change = of === record.id ? fields[field] : undefined;
      return change === undefined ? [] : [{ type: 'set', atMs, revision, ...change, source, actor }];
    });
  });
}

/** Each value that did not come to stand or stood no longer. */
async function lossesIn(
  deps: ReadingDeps,
  organization: OrganizationId,
  { record, journal, within }: Subject,
  field: string,
): Promise<readonly FieldStep[]> {
  const told = await toldOfLosses(deps, organization, new Map([[record.id, record]]), journal);
  return conflictsOf(record, journal, { within, ...told })
    .filter((conflict) => conflict.field === field)
    .map((conflict) => ({ ...conflict, type: 'lost' }));
}

/** What it was first: from before the oldest change, else what stands there still. */
function beginning(record: AnyRecord, field: string, steps: readonly FieldStep[]): FieldStep {
  const oldest = steps.find((step) => step.type === 'set');
  const by = record.provenance[field];
  const known = oldest === undefined && by !== undefined ? { source: by.source, actor: by.actor } : {};
  const value: FieldValue = oldest?.type === 'set' ? oldest.from : currentValue(record, field);
  return { type: 'begun', atMs: record.createdAtMs, value, ...known };
}

async function isField(
  deps: ReadingDeps,
  organization: OrganizationId,
  { kind, fields, provenance }: AnyRecord,
  field: string,
): Promise<boolean> {
  const known: readonly string[] = CANONICAL_FIELDS[kind];
  if (known.includes(field) || (hasVisibility(kind) && field === 'visibility')) return true;
  if (Object.hasOwn(fields, field) || Object.hasOwn(provenance, field)) return true;
  const custom = isMapped(kind) ? customName(field) : undefined;
  if (custom === undefined) return false;
  const places = await placesIn(deps, organization);
  return [...places.values()].some((place) => Object.hasOwn(documentOf(place)?.custom ?? {}, custom));
}

async function fieldStory(
  deps: ReadingDeps,
  organization: OrganizationId,
  subject: Subject,
  field: string,
): Promise<FieldStory> {
  const { record } = subject;
  if (!(await isField(deps, organization, record, field)))
    throw new InvalidInputError(`not a field of a ${record.kind}`, { pointer: '/field' });
  const lost = await lossesIn(deps, organization, subject, field);
  const later = [...changesIn(subject, field), ...lost].sort((a, b) => a.atMs - b.atMs);
  const steps = [...later, beginning(record, field, later)].sort((a, b) => b.atMs - a.atMs);
  const story = { record: record.id, kind: record.kind, field, value: currentValue(record, field), steps };
  if (!isReference(record.kind, field)) return story;
  const values = steps.flatMap(valuesIn);
  return { ...story, names: namesAmong(await referredBy(deps, organization, values), values) };
}

function valuesIn(step: FieldStep): readonly FieldValue[] {
  if (step.type === 'set') return [step.from, step.to];
  return step.type === 'lost' ? [step.lost, step.kept] : [step.value];
}

export function whyReading(deps: ReadingDeps): Pick<Reading, 'why' | 'fieldStory'> {
  return {
    async why(organization, ticket, { field, record: id = ticket }) {
      const story = await storyOf(deps, organization, ticket);
      const subject = story && subjectOf(story, id === ticket ? story.root.id : id);
      return subject && fieldStory(deps, organization, subject, field);
    },
    async fieldStory(organization, id, field) {
      const at = await recordAt(deps, organization, id);
      if (at === undefined) return undefined;
      const journal = await journalOf(deps, organization, at.root);
      return fieldStory(deps, organization, { record: at.record, journal, within: '' }, field);
    },
  };
}
