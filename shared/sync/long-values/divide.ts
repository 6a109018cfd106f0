import { createHash } from 'node:crypto';

/** When a value moves out of its item. */
export interface Bounds {
  /** Every text longer than this. */
  readonly longOverBytes: number;
  /** An item larger than this gives up its largest texts, however short, until it is not. */
  readonly itemBytes: number;
}

/** DESIGN, State. A store refuses an item over 350 KB; what is not text has to fit beside the rest. */
export const BOUNDS: Bounds = { longOverBytes: 1_024, itemBytes: 200 * 1_024 };

/** How many items a value takes, by its hash. */
export type Standing = ReadonlyMap<string, number>;

export interface Value {
  readonly hash: string;
  /** Each fits into an item of its own. */
  readonly parts: readonly string[];
}

/** An item's data with references for texts, and the texts that do not stand beside it yet. */
export interface Divided {
  readonly data: unknown;
  /** All it refers to. */
  readonly values: Standing;
  readonly fresh: readonly Value[];
}

interface Text {
  readonly text: string;
  readonly bytes: number;
  times: number;
}

/** Whatever text begins so moves out too, however short: in an item it can only be a reference. */
const REFERENCE = 'deskbridge-value:';
/** A prefix, a SHA-256 in base64url and the number of its parts. */
const REFERENCE_BYTES = 64;
/** Of whatever is no text, beside what it holds. */
const STRUCTURE_BYTES = 8;
/** At most, of UTF-16 in UTF-8. */
const BYTES_PER_UNIT = 3;
/** In UTF-16; a store refuses items over 350 KB. */
const PART_LENGTH = 50_000;

export const referenceTo = (hash: string, parts: number): string => `${REFERENCE}${hash}.${parts}`;

/** The hash a text refers to and its number of parts; undefined for any other text. */
export function referred(text: string): { readonly hash: string; readonly parts: number } | undefined {
  if (!text.startsWith(REFERENCE)) return undefined;
  const point = text.lastIndexOf('.');
  return { hash: text.slice(REFERENCE.length, point), parts: Number(text.slice(point + 1)) };
}

/** Plain data with each of its texts replaced; what holds none to replace is not copied. Names are no texts. */
export function withTexts(data: unknown, replace: (text: string) => string): unknown {
  if (typeof data === 'string') return replace(data);
  if (!isPlain(data)) return data;
  let copy: Record<string, unknown> | undefined;
  for (const name in data) {
    const before = (data as Record<string, unknown>)[name];
    const after = withTexts(before, replace);
    if (after === before) continue;
    copy ??= (Array.isArray(data) ? [...data] : { ...data }) as Record<string, unknown>;
    copy[name] = after;
  }
  return copy ?? data;
}

/** Whether any text of what a store has given out refers to a value. */
export function refers(data: unknown): boolean {
  if (typeof data === 'string') return isAlike(data);
  // Stryker disable next-line ConditionalExpression,LogicalOperator: the way round asking what has no members for them
  if (typeof data !== 'object' || data === null) return false;
  // Stryker disable next-line ConditionalExpression: a list can be gone through by its names too, at more cost
  if (Array.isArray(data)) return data.some(refers);
  for (const name in data) if (refers((data as Record<string, unknown>)[name])) return true;
  return false;
}

/** What is not, is for the store to refuse. Boxed, since a lone value holds no texts either way. */
function isPlain(data: unknown): data is object {
  const prototype: unknown = Object.getPrototypeOf(Object(data));
  return prototype === Object.prototype || prototype === Array.prototype || prototype === null;
}

/**
 * Moves long texts out, equal ones once. `standing` is what already stands beside the item, and `most` how many
 * items may join it: the largest go first, and what finds no room stays where it is.
 */
export function divide(data: unknown, standing: Standing, most: number, bounds: Bounds = BOUNDS): Divided {
  const values = new Map<string, number>();
  const fresh: Value[] = [];
  const references = new Map<string, string>();
  let room = most;
  for (const text of movable(data, bounds)) {
    const hash = hashOf(text);
    const parts = standing.has(hash) ? undefined : partsOf(text);
    if (parts !== undefined && parts.length > room && !isAlike(text)) continue;
    if (parts !== undefined) {
      room -= parts.length;
      fresh.push({ hash, parts });
    }
    const count = parts?.length ?? standing.get(hash)!;
    values.set(hash, count);
    references.set(text, referenceTo(hash, count));
  }
  // Stryker disable next-line ConditionalExpression: the way round looking through all of it for nothing
  if (references.size === 0) return { data, values, fresh };
  return { data: withTexts(data, (text) => references.get(text) ?? text), values, fresh };
}

/** Texts to move, the most pressing first. */
function movable(data: unknown, bounds: Bounds): readonly string[] {
  // Stryker disable next-line ConditionalExpression: the way round measuring what stays as it is
  if (staysWhole(data, bounds)) return [];
  const { longOverBytes, itemBytes } = bounds;
  const { bytes, texts } = measure(data, Math.min(longOverBytes, REFERENCE.length));
  const isLong = (text: Text) => isAlike(text.text) || text.bytes > longOverBytes;
  const moved = texts.filter(isLong);
  let left = bytes - moved.reduce((sum, text) => sum + savedBy(text), 0);
  for (const text of texts.filter((each) => !isLong(each))) {
    // Stryker disable next-line EqualityOperator: nothing is weighed to the byte, and a text as short as its reference may go
    if (left <= itemBytes || savedBy(text) <= 0) break;
    moved.push(text);
    left -= savedBy(text);
  }
  return moved.map(({ text }) => text).sort((one, other) => Number(isAlike(other)) - Number(isAlike(one)));
}

// Stryker disable all: what is not found to stay is measured, and then stays as well
/** Nothing has to move: one look tells it of nearly every item, by how long its texts are at most. */
function staysWhole(data: unknown, { longOverBytes, itemBytes }: Bounds): boolean {
  let room = itemBytes;
  const fits = (value: unknown): boolean => {
    if (typeof value === 'string') {
      const mostBytes = value.length * BYTES_PER_UNIT;
      room -= mostBytes;
      return mostBytes <= longOverBytes && !isAlike(value);
    }
    room -= STRUCTURE_BYTES;
    if (typeof value !== 'object' || value === null) return true;
    if (Array.isArray(value)) return value.every(fits);
    for (const name in value) {
      room -= name.length;
      if (!fits((value as Record<string, unknown>)[name])) return false;
    }
    return true;
  };
  return fits(data) && room >= 0;
}
// Stryker restore all

const isAlike = (text: string): boolean => text.startsWith(REFERENCE);
const savedBy = ({ bytes, times }: Text): number => (bytes - REFERENCE_BYTES) * times;

/** About how large data is, and its texts over so many bytes, the largest first. */
function measure(
  data: unknown,
  overBytes: number,
): { readonly bytes: number; readonly texts: readonly Text[] } {
  const texts = new Map<string, Text>();
  const weigh = (text: string): number => {
    // Stryker disable next-line ConditionalExpression,EqualityOperator: the way round weighing what saves nothing
    if (text.length * BYTES_PER_UNIT <= overBytes) return text.length;
    const known = texts.get(text) ?? { text, bytes: Buffer.byteLength(text), times: 0 };
    known.times += 1;
    texts.set(text, known);
    return known.bytes;
  };
  const visit = (value: unknown): number => {
    if (typeof value === 'string') return weigh(value);
    let bytes = STRUCTURE_BYTES;
    if (!isPlain(value)) return bytes;
    for (const name in value) {
      bytes += name.length + visit((value as Record<string, unknown>)[name]);
    }
    return bytes;
  };
  const bytes = visit(data);
  return { bytes, texts: [...texts.values()].sort((one, other) => other.bytes - one.bytes) };
}

/** Over UTF-16, so that texts that differ in an unpaired surrogate alone stay two. */
const hashOf = (text: string): string => createHash('sha256').update(text, 'utf16le').digest('base64url');

function partsOf(text: string): readonly string[] {
  const parts: string[] = [];
  for (let from = 0; from < text.length; ) {
    const to = cutAfter(text, from);
    parts.push(text.slice(from, to));
    from = to;
  }
  return parts;
}

/** Never between the halves of a character: alone they are no text a store can keep. */
function cutAfter(text: string, from: number): number {
  const to = from + PART_LENGTH;
  const last = text.charCodeAt(to - 1);
  return last >= 0xd800 && last <= 0xdbff ? to - 1 : to;
}
