import { InvalidInputError } from '../errors.ts';

/** Far above what any vendor sends; low enough that hostile JSON costs no more than honest JSON of its size. */
export const JSON_LIMITS = { depth: 64, keyBytes: 512, membersPerObject: 2_000, containers: 10_000 };

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
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The parser's own message quotes the input, so it is not passed on as a cause.
    throw new InvalidInputError('body is not valid json in utf-8');
  }
}

/** What exceeds the limits, as a constant phrase; stops at the first excess. */
function findExcess(bytes: Uint8Array): string | undefined {
  const members = new Uint32Array(JSON_LIMITS.depth + 1);
  let depth = 0;
  let containers = 0;
  let stringBytes = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      stringBytes = end - at - 1;
      at = end;
    } else if (byte === COLON) {
      if (stringBytes > JSON_LIMITS.keyBytes) return `has a key longer than ${JSON_LIMITS.keyBytes} bytes`;
      members[depth] = members[depth]! + 1;
      if (members[depth]! > JSON_LIMITS.membersPerObject) return 'has an object with too many members';
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

/** Index of the closing quote, or the end. Byte by byte: a native search per quote costs 20 times as much. */
function endOfString(bytes: Uint8Array, start: number): number {
  for (let at = start + 1; at < bytes.length; at += 1) {
    if (bytes[at] === BACKSLASH) at += 1;
    else if (bytes[at] === QUOTE) return at;
  }
  return bytes.length;
}
