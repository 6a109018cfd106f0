import { RE2JS, RE2JSException, RE2JSSyntaxException } from 're2js';

const machines = new WeakMap<RegExp, RE2JS>();

const ESCAPES = /\\(?:[1-9]|k<|.)/gs;

/** Its translation would read some of them as a letter, or as a character by its number. */
function refuseBackReferences({ source }: RegExp): void {
  const reference = source.match(ESCAPES)?.find((each) => /^\\(?:[1-9]|k<)$/.test(each));
  if (reference !== undefined) throw new RE2JSSyntaxException('invalid escape sequence', reference);
}

function machineFor(pattern: RegExp): RE2JS {
  refuseBackReferences(pattern);
  return RE2JS.compile(RE2JS.translateRegExp(pattern));
}

function machineOf(pattern: RegExp): RE2JS {
  const machine = machines.get(pattern) ?? machineFor(pattern);
  machines.set(pattern, machine);
  return machine;
}

/** Why a pattern cannot be taken: it looks around or back at what it has matched, which takes more than one pass. */
export function faultOf(pattern: RegExp): string | undefined {
  try {
    machineOf(pattern);
    return undefined;
  } catch (error) {
    if (error instanceof RE2JSException) return error.message.replace(/^error parsing regexp: /, '');
    throw error;
  }
}

/**
 * What JSONata asks of a RegExp, in time that grows with the text and not with what a pattern makes of it: RE2's syntax
 * and meaning, so `\s` is a space of ASCII and `.` a whole character.
 * @throws RE2JSException for a pattern it cannot take
 */
export class LinearRegExp {
  lastIndex = 0;
  readonly #machine: RE2JS;

  constructor(pattern: RegExp) {
    this.#machine = machineOf(pattern);
  }

  exec(text: string): RegExpExecArray | null {
    const matcher = this.#machine.matcher(text);
    if (this.lastIndex > text.length || !matcher.find(this.lastIndex)) {
      this.lastIndex = 0;
      return null;
    }
    this.lastIndex = matcher.end();
    const groups = Array.from(
      { length: matcher.groupCount() + 1 },
      (_, at) => matcher.group(at) ?? undefined,
    );
    return Object.assign(groups, { index: matcher.start(), input: text }) as RegExpExecArray;
  }
}
