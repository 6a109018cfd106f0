import type { Adapter } from '../../../shared/ports/index.ts';
import { check } from './adapter/check.ts';
import { describe } from './adapter/describe.ts';
import { exportsOf } from './adapter/exports.ts';
import { pull } from './adapter/pull.ts';
import { match, read } from './adapter/read.ts';
import { Session } from './adapter/session.ts';
import { togetherOf } from './adapter/together.ts';
import { write } from './adapter/write.ts';
import { authorization } from './authorization.ts';

export const adapter: Adapter = {
  authorization,

  open(opening, grant) {
    const session = new Session(opening, grant);
    return {
      check: () => check(session),
      read: (copy) => read(session, copy),
      match: match(session),
      describe: (kind) => describe(session, kind),
      pull: (kind, after) => pull(session, kind, after),
      exports: exportsOf(session),
      together: togetherOf(session),
      write: (change) => write(session, change),
    };
  },
};
