import type { CopyingEngine, Engine, EngineDeps, MappingEngine } from '../ports/engine.ts';
import { countRecords, endOfCopy, openCopies } from './copies.ts';
import type { Desk } from './desk.ts';
import { admit, edit } from './edit.ts';
import { forget } from './forget.ts';
import { previewMapping } from './preview.ts';
import { remap } from './remap.ts';
import { deadLetter, drain, drainRoot, replay } from './replay.ts';
import { advanceReplays, cancelReplay, startReplay } from './replays.ts';
import { type Rules, standardRules } from './rules.ts';
import { sweep } from './sweep.ts';
import { takeIn } from './take-in.ts';
import { work } from './work.ts';

export { accept, isAccepted } from './accept.ts';
export { awaitsBytes } from './awaited-bytes.ts';
export { endOf } from './end-of.ts';
export { everyItem } from './every-item.ts';
export type { InboxRow } from './inbox-row.ts';
export { lastEventAt } from './inbox-row.ts';
export { longValues, whole } from './long-values/index.ts';
export type { ConflictPolicy, PolicyFor } from './policy.ts';
export { policyOf } from './policy.ts';
export type { Rules } from './rules.ts';
export { standardRules } from './rules.ts';
export type * from './state.ts';

/** The sync engine over its ports. `rules` are its safeguards; only a simulation passes others. */
export function createEngine(deps: EngineDeps, rules: Rules = standardRules): Engine {
  const desk: Desk = { deps, rules };
  return {
    ...createObserver(deps, rules),
    ...createReconciler(deps, rules),
    ...createWaitingRoom(deps, rules),
    ...createParker(deps, rules),
    sweep: () => sweep(desk),
    edit: (request) => edit(desk, request),
    admit: (request) => admit(desk, request),
    replay: (organization, parked, actor) => replay(desk, organization, parked, actor),
    startReplay: (organization, filter, actor) => startReplay(desk, organization, filter, actor),
    advanceReplays: () => advanceReplays(desk),
    cancelReplay: (organization, id) => cancelReplay(desk, organization, id),
  };
}

// Parts of it, for functions that do one thing: no more of the engine comes along.

export function createObserver(deps: EngineDeps, rules: Rules = standardRules): Pick<Engine, 'observe'> {
  return { observe: (message) => takeIn({ deps, rules }, message) };
}

export function createReconciler(deps: EngineDeps, rules: Rules = standardRules): Pick<Engine, 'reconcile'> {
  const desk: Desk = { deps, rules };
  return {
    reconcile: (message, integration, deadlineMs, contents) =>
      work({ desk, message, integration, deadlineMs, contents }),
  };
}

/** What becomes of a connection's waiting work when it lives again, or is gone. */
export function createWaitingRoom(
  deps: EngineDeps,
  rules: Rules = standardRules,
): Pick<Engine, 'drain' | 'drainRoot' | 'forget'> {
  const desk: Desk = { deps, rules };
  return {
    forget: (organization, connection) => forget(desk, organization, connection),
    drain: (organization, connection) => drain(desk, organization, connection),
    drainRoot: (organization, connection, root) => drainRoot(desk, organization, connection, root),
  };
}

export function createParker(deps: EngineDeps, rules: Rules = standardRules): Pick<Engine, 'deadLetter'> {
  return { deadLetter: (message, reason) => deadLetter({ deps, rules }, message, reason) };
}

export function createCopyingEngine(deps: EngineDeps, rules: Rules = standardRules): CopyingEngine {
  const desk: Desk = { deps, rules };
  return {
    openCopies: (request) => openCopies(desk, request),
    endOfCopy: (wake) => endOfCopy(desk, wake),
    countRecords: (request) => countRecords(desk, request),
  };
}

export function createMappingEngine(deps: EngineDeps, rules: Rules = standardRules): MappingEngine {
  const desk: Desk = { deps, rules };
  return {
    remap: (request) => remap(desk, request),
    previewMapping: (request) => previewMapping(desk, request),
  };
}
