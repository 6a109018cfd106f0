import { judgeAsTold } from './carried-out.ts';
import { keepInDoubt } from './doubt.ts';
import { sameToVendor } from './held.ts';
import { lookBack, type Since } from './hindsight.ts';
import { absorbFields } from './merge.ts';
import { isAfter, isOfMoment, momentOf } from './moments.ts';
import { mergeOverlooked, type Overlooked } from './overlooked.ts';
import { clampInterval } from './policy.ts';
import type { Scene } from './scene.ts';
import type { Heard, Link, Moment } from './state.ts';

/** Nobody will look at this copy any more: what was told of it is judged by that alone. False where nothing was. */
export function judgeUnlooked(scene: Scene): boolean {
  const { link } = scene;
  const { heard } = link;
  if (heard === undefined) return false;
  judgeAsTold(scene, heard);
  const past = lookBack(scene, heard);
  delete link.heard;
  const back = past.since
    .map((each) => putBackAfter(scene, each, heard))
    .filter((each) => each !== undefined);
  const set = past.since.filter(({ field }) => back.every((each) => each.field !== field));
  const fields = Object.fromEntries(set.map(({ field, value }) => [field, value]));
  const atMs = Math.max(link.gotAtMs, ...set.map((each) => each.atMs));
  // Stryker disable next-line StringLiteral: what is not the hub's is an edit, whosever it is
  absorbFields(scene, { fields, authorship: 'unknown', atMs });
  mergeOverlooked(
    scene,
    { ...past, overlooked: [...past.overlooked, ...back] },
    new Set(Object.keys(fields)),
  );
  return true;
}

/** What we hold stood there again after something else: an edit that needs no look. */
function putBackAfter(scene: Scene, set: Since, heard: readonly Heard[]): Overlooked | undefined {
  const { link, around } = scene;
  const { field } = set;
  const held = link.got[field];
  if (held === undefined) return undefined;
  const isHeld = ({ fields }: Heard) => field in fields && sameToVendor(scene, field, fields[field], held);
  const later = heard.filter((each) => isHeld(each) && isAfter(each, set));
  const look = lookedAt(link);
  const isShown = !isAfter(set, look);
  if (!isShown && later.length === 0) return undefined;
  if (isOfMoment(set, look) && later.length === 0) doubtLast(scene, set);
  const untilMs = Math.min(...(isShown ? [look, ...later] : later).map(({ atMs }) => atMs));
  link.since = { ...link.since, [field]: momentOf(set) };
  return { field, value: held, base: set.value, when: clampInterval(set.atMs, untilMs, around.nowMs) };
}

/** The last state that anybody looked at: which a write of ours was decided on, while nobody has seen that. */
const lookedAt = ({ wrote, gotAtMs, gotVersion }: Link): Moment =>
  wrote !== undefined && wrote.seen === undefined
    ? wrote.base
    : momentOf({ atMs: gotAtMs, version: gotVersion });

function doubtLast(scene: Scene, { field, value, atMs }: Since): void {
  const why = 'of the moment of the last look, it came before that or after it: nobody can tell';
  // Stryker disable next-line StringLiteral: whosever it is, nobody can tell when
  keepInDoubt(scene, { fields: { [field]: value }, authorship: 'unknown', atMs }, [field], why);
}
