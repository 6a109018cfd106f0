import { registerHooks } from 'node:module';

/** The global under which a counted file finds its counters. */
export const COUNTERS = 'branchesTaken';

/** What a worker is given to count with: the files as they are loaded there, by address, and its counters. */
export interface Counting {
  readonly texts: ReadonlyMap<string, string>;
  readonly counters: SharedArrayBuffer;
}

/** In this thread, whatever is loaded from here on counts the ways it takes. */
export function startCounting({ texts, counters }: Counting): void {
  Object.assign(globalThis, { [COUNTERS]: new Uint32Array(counters) });
  registerHooks({
    load: (url, context, next) => {
      const source = texts.get(url);
      return source === undefined
        ? next(url, context)
        : { format: 'module-typescript', source, shortCircuit: true };
    },
  });
}
