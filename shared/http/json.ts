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
};

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A text this short holds too few keys to cost anything. */
const SMALL_BYTES = 16 * 1024;

const QUOTE = 0x22;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Parses untrusted JSON after one cheap pass over its bytes has found it neither deep nor huge-keyed.
 * @throws InvalidInputError for anything else, naming what was wrong and never the content.
 */
export function readJson(body: Uint8Array): unknown {
  const excess = findExcess(body);
  if (excess !== undefined) throw new InvalidInputError(`json ${excess}`);
  try {
    return JSON.parse(UTF8.decode(body));
  } catch {
    // The parser's own message quotes the input, so it is not passed on as a cause.
    throw new InvalidInputError('body is not valid json in utf-8');
  }
}

/** What exceeds the limits, as a constant phrase; stops at the first excess. */
function findExcess(bytes: Uint8Array): string | undefined {
  const members = new Uint32Array(JSON_LIMITS.depth + 1);
  const keys = bytes.length < SMALL_BYTES ? undefined : new KeySet(JSON_LIMITS.distinctKeys);
  let depth = 0;
  let containers = 0;
  let [stringStart, stringEnd] = [0, 0];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      stringStart = at + 1;
      stringEnd = endOfString(bytes, at);
      at = stringEnd;
    } else if (byte === COLON) {
      const keyBytes = stringEnd - stringStart;
      if (keyBytes > JSON_LIMITS.keyBytes) return `has a key longer than ${JSON_LIMITS.keyBytes} bytes`;
      members[depth] = members[depth]! + 1;
      if (members[depth]! > JSON_LIMITS.membersPerObject) return 'has an object with too many members';
      if (keys?.isFullAfter(bytes, stringStart, stringEnd)) return 'has too many different keys';
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      depth += 1;
      containers += 1;
      if (depth > JSON_LIMITS.depth) return `is nested deeper than ${JSON_LIMITS.depth}`;
      if (containers > JSON_LIMITS.containers) return 'has too many objects and arrays';
      members[depth] = 0;
    } else if ((byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) && depth > 0) depth -= 1;
  }
  return undefined;
}

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
