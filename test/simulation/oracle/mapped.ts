import type { FieldValue, RecordKind } from '../../../shared/domain/index.ts';
import { policyOf, ruleFor, rulesOf } from '../../../shared/mapping/index.ts';
import type { FieldRule, Mapping, MappingDocument } from '../../../shared/ports/index.ts';
import type { Site } from '../truth.ts';
import type { World } from '../world.ts';
import { fieldOf, meaningBy, writtenBy } from '../worlds/documents.ts';
import { isLossy } from '../worlds/transforms.ts';
import type { Copy, Family } from './families.ts';

/** The document in force; undefined where a mapping is fixed. */
export const documentNow = ({ documents }: Site): MappingDocument | undefined => documents.at(-1)?.document;

export const boundTo = (document: MappingDocument, mapping: Mapping): Mapping => ({
  ...mapping,
  project: (record, context) => mapping.project(record, { ...context, mapping: document }),
  interpret: (kind, raw, context) => mapping.interpret(kind, raw, { ...context, mapping: document }),
});

/** A default, or what was one: no copy is emptied of it where a value is required now. */
export function isDefaultAt(
  { documents }: Site,
  kind: RecordKind,
  field: string,
  value: FieldValue,
): boolean {
  const rules = documents.map(({ document }) => ruleFor(document, kind, field));
  const may = rules.at(-1)?.required === true ? rules : rules.slice(-1);
  return may.some((rule) => rule?.default !== undefined && rule.default === value);
}

/** Whether an empty value there has ever said nothing, by its document. */
export const wasRequired = ({ documents }: Site, kind: RecordKind, field: string): boolean =>
  documents.some(({ document }) => ruleFor(document, kind, field)?.required === true);

export function isInStep(site: Site, kind: RecordKind, field: string): boolean {
  const document = documentNow(site);
  return (
    document === undefined ||
    rulesOf(document, kind).length === 0 ||
    ruleFor(document, kind, field) !== undefined
  );
}

/** What the vendor's field was in step with then, by the document in force. */
export function pairThen(
  { documents }: Site,
  kind: RecordKind,
  vendorField: string,
  atMs: number,
): FieldRule | undefined {
  const then = documents.findLast(({ fromMs }) => fromMs <= atMs);
  return rulesOf(then?.document, kind).find((rule) => rule.vendorField === vendorField);
}

/** A pair that the hub had not met at this copy by then: it had not looked there since the pair came. */
export function isUnmet(
  { chronicle }: World,
  { site, object }: Copy,
  { since }: FieldRule,
  byMs: number,
): boolean {
  const first = site.documents.slice(1).find(({ document }) => document.version === since);
  if (first === undefined || object.createdAtMs > first.fromMs) return false;
  return !chronicle.looks.some(
    ({ site: at, object: id, atMs, isTaken }) =>
      isTaken && at === site.index && id === object.id && first.fromMs <= atMs && atMs < byMs,
  );
}

/**
 * A pair that went before the hub had heard of what was set there under it. Whatever is known of a field goes with its pair,
 * for nobody has it in step any more; paired anew, it is met as one that never was.
 */
export function wentUnheard(
  { chronicle }: World,
  { site, object }: Copy,
  { field, vendorField, since }: FieldRule,
  { setAtMs, byMs }: { readonly setAtMs: number; readonly byMs: number },
): boolean {
  const isIt = (rule: FieldRule) =>
    rule.field === field && rule.vendorField === vendorField && rule.since === since;
  const gone = site.documents.find(
    ({ document, fromMs }) => fromMs > setAtMs && !rulesOf(document, object.kind).some(isIt),
  );
  if (gone === undefined || gone.fromMs > byMs) return false;
  const isThen = (atMs: number) => setAtMs <= atMs && atMs < gone.fromMs;
  const isLookedAt = chronicle.looks.some(
    ({ site: at, object: id, atMs, isTaken }) =>
      isTaken && at === site.index && id === object.id && isThen(atMs),
  );
  const isTold = chronicle.told.some(
    ({ object: id, heardAtMs, fields }) => id === object.id && vendorField in fields && isThen(heardAtMs),
  );
  return !isLookedAt && !isTold;
}

/** All that a value of a vendor's field has meant there; undefined where the mapping is fixed. */
export function meanings(
  { documents }: Site,
  kind: RecordKind,
  vendorField: string,
  value: FieldValue,
): readonly (FieldValue | undefined)[] | undefined {
  if (documents.length === 0 || documents.every(({ document }) => rulesOf(document, kind).length === 0))
    return undefined;
  return documents.map(({ document }) => meaningBy(document, kind, vendorField, value));
}

/** Rules of a field under one document after another, each with the one before it. */
function changesOf({ documents }: Site, kind: RecordKind, field: string): readonly Changed[] {
  return documents.slice(1).flatMap(({ document, fromMs }, at) => {
    const [before, after] = [documents[at]!.document, document].map((each) => ruleFor(each, kind, field));
    return [{ before, after, fromMs }];
  });
}

interface Changed {
  readonly before: FieldRule | undefined;
  readonly after: FieldRule | undefined;
  readonly fromMs: number;
}

/** Not in step before, or with another of the vendor's fields. */
const isFresh = ({ before, after }: Changed): boolean =>
  after !== undefined && after.vendorField !== before?.vendorField;

const wordsOf = ({ values, transforms, default: standard, required }: Partial<FieldRule>) =>
  JSON.stringify([values, transforms, standard, required]);

const isReworded = ({ before, after }: Changed): boolean =>
  after !== undefined && wordsOf(before ?? {}) !== wordsOf(after);

/**
 * What changes of mappings may cost at one copy: its own words are other words, and a pair that meets for the first time
 * anywhere may bring another value.
 */
export function remapsOf({ kind, copies }: Family, copy: Copy, field: string): number {
  const own = changesOf(copy.site, kind, field).filter((each) => isFresh(each) || isReworded(each));
  const elsewhere = copies
    .filter(({ site }) => site !== copy.site)
    .flatMap(({ site }) => changesOf(site, kind, field).filter(isFresh));
  return own.length + elsewhere.length;
}

/** What nobody has filled in is given its default once, be it one that is none any more. */
export const defaultsOf = ({ site: { documents }, object }: Copy, field: string): number =>
  documents.some(({ document }) => ruleFor(document, object.kind, field)?.default !== undefined) ? 1 : 0;

/** Under a policy that asks, by what the connection's owner has ever chosen. */
export function mayAsk({ plan }: World, { index, documents }: Site, field: string): boolean {
  const kind = field === 'body' ? 'comment' : 'ticket';
  const chosen = documents.map(({ document }) => policyOf(document, kind, field)?.use);
  return plan.vendors[index]?.policies?.[field]?.use === 'ask' || chosen.includes('ask');
}

/** What the document that a write of the hub's was decided under makes of a value of the record's. */
export function writtenThen(
  { chronicle }: World,
  { index, documents }: Site,
  kind: RecordKind,
  { field, sequence }: { readonly field: string; readonly sequence: number },
): (held: FieldValue) => FieldValue {
  const version = chronicle.requests.get(`${index} ${sequence}`)?.mapping;
  const { document } = documents.find((each) => each.document.version === version) ?? documents.at(-1)!;
  return (held) => writtenBy(document, kind, fieldOf(field), held) ?? null;
}

/** Whether what stands there may be less than what the record holds. */
export const losesAt = (site: Site, kind: RecordKind, field: string): boolean =>
  isLossy(ruleFor(documentNow(site), kind, field)?.transforms);
