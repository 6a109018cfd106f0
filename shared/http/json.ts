import { InvalidInputError } from '../errors.ts';
import { KeySet } from './key-set.ts';

/** Far above what any vendor sends; low enough that hostile JSON costs no more than honest JSON of its size. */
export const JSON_LIMITS = {
  depth: 64,
  keyBytes: 512,
  membersPerObject: 2_000,
  /** Over the whole text: objects that share no shape cost the parser ten times what others do. */
  distinctKeys: 2_000,
  containers: 5_000,
  /** Effort a text may ask of the parser beside its bytes: so much at once, and one unit more for so many bytes. */
  freeEffort: 64,
  bytesPerEffort: 7,
};

/**
 * What the parser spends on a thing beside its bytes, in units of some fifteen bytes of flat text each. Measured
 * by `npm run bench`: a deep container takes twice what a shallow one takes, an object of a shape not seen before
 * five times, one more key of its own half of that.
 */
export const EFFORT = { container: 1, deepContainer: 2, newShape: 5, newKey: 2.5 };
const DEEP = 8;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** What one pass over a text has found, and what it cost: none of it depends on a clock. */
export interface JsonScan {
  /** What exceeds the limits, as a constant phrase; the pass stops at the first excess. */
  readonly excess: string | undefined;
  /** Bytes looked at, bytes hashed and slots tried. */
  readonly steps: number;
  /** What the parser would have to make, beside looking at the bytes. */
  readonly effort: number;
}

/**
 * Parses untrusted JSON after one cheap pass over its bytes has found it neither deep nor huge-keyed.
 * @throws InvalidInputError for anything else, naming what was wrong and never the content.
 */
export function readJson(body: Uint8Array): unknown {
  const { excess } = scanJson(body);
  if (excess !== undefined) throw new InvalidInputError(`json ${excess}`);
  try {
    return JSON.parse(UTF8.decode(body));
  } catch {
    // The parser's own message quotes the input, so it is not passed on as a cause.
    throw new InvalidInputError('body is not valid json in utf-8');
  }
}

const keys = new KeySet(JSON_LIMITS.distinctKeys);
/** Of each object that is open, by depth; set to 0 where one opens. */
const members = new Uint32Array(JSON_LIMITS.depth + 1);

export function scanJson(bytes: Uint8Array): JsonScan {
  const budget = JSON_LIMITS.freeEffort + bytes.length / JSON_LIMITS.bytesPerEffort;
  keys.clear(Math.min(JSON_LIMITS.distinctKeys, Math.ceil(budget / EFFORT.newKey)));
  members[0] = 0;
  let [depth, containers, effort, at] = [0, 0, 0, 0];
  let [stringStart, stringEnd] = [0, 0];
  let excess: string | undefined;
  for (; at < bytes.length && excess === undefined; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      stringStart = at + 1;
      stringEnd = endOfString(bytes, at);
      at = stringEnd;
    } else if (byte === COLON) {
      const nth = members[depth]! + 1;
      members[depth] = nth;
      if (stringEnd - stringStart > JSON_LIMITS.keyBytes) excess = EXCESS.key;
      else if (nth > JSON_LIMITS.membersPerObject) excess = EXCESS.members;
      else if (keys.isNew(bytes, stringStart, stringEnd)) {
        effort += nth === 1 ? EFFORT.newShape : EFFORT.newKey;
        if (keys.isFull || effort > budget) excess = EXCESS.keys;
      }
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1;
      containers += 1;
      effort += depth > DEEP ? EFFORT.deepContainer : EFFORT.container;
      if (depth > JSON_LIMITS.depth) excess = EXCESS.depth;
      else if (containers > JSON_LIMITS.containers || effort > budget) excess = EXCESS.containers;
      members[depth] = 0;
    } else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && depth > 0) depth -= 1;
  }
  return { excess, effort, steps: Math.min(at, bytes.length) + keys.steps };
}

const EXCESS = {
  key: `has a key longer than ${JSON_LIMITS.keyBytes} bytes`,
  members: 'has an object with too many members',
  keys: 'has too many different keys',
  depth: `is nested deeper than ${JSON_LIMITS.depth}`,
  containers: 'has too many objects and arrays',
};

/** Index of the closing quote, or the end. */
function endOfString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    at += byte === BACKSLASH ? 2 : 1;
  }
  return bytes.length;
}
