/** Characters of a text, or members of a list, however short-lived. */
export const MAX_MADE = 100_000;

/** @throws instead of making something too large */
function refuse(size: number): void {
  if (size > MAX_MADE) throw Object.assign(new RangeError('too large'), { code: 'too_large' });
}

/** What any part of an expression answered. */
export function refuseLarge(made: unknown): void {
  if (typeof made === 'string' || Array.isArray(made)) refuse(made.length);
}

/**
 * Whatever makes much at a single stroke asks first. A thread that runs out of its heap is ended only between two
 * strokes: one of more than 16 MB takes the whole process with it (https://github.com/nodejs/node/issues/47224).
 */
export function boundGlobals(): void {
  const { join } = Array.prototype;
  const { stringify } = JSON;
  Object.assign(Array.prototype, {
    join(this: readonly unknown[], separator = ',') {
      refuse((this.length - 1) * separator.length);
      let size = (this.length - 1) * separator.length;
      for (const each of this) {
        if (typeof each === 'string') size += each.length;
        refuse(size);
      }
      return join.call(this, separator);
    },
  });
  Object.assign(JSON, {
    stringify(value: unknown, replacer?: (name: string, each: unknown) => unknown, space?: number) {
      let size = 0;
      return stringify(
        value,
        function sized(this: unknown, name, each) {
          const replaced = typeof replacer === 'function' ? replacer.call(this, name, each) : each;
          size += name.length + (typeof replaced === 'string' ? replaced.length : 4);
          refuse(size);
          return replaced;
        },
        space,
      );
    },
  });
  globalThis.Array = new Proxy(Array, {
    construct(to, given, by) {
      if (given.length === 1 && typeof given[0] === 'number') refuse(given[0]);
      return Reflect.construct(to, given, by);
    },
  });
}
