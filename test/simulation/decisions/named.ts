import type { Tally } from './tally.ts';

/**
 * What has to have been decided for a run to mean anything, by the branch that decides it. A branch that is there no
 * more under this name is named anew.
 */
const NAMED: Readonly<Record<string, readonly [file: string, label: string]>> = {
  'roots-folded': ['fold.ts', 'foldRoot()'],
  'comments-folded': ['fold.ts', 'foldChild()'],
  'comments-brought-over': ['gather.ts', 'bringComments()'],
  'survivor-taken-over': ['survivor.ts', 'isFree'],
  'survivor-folded-into': ['survivor.ts', 'not: isShared'],
  'survivor-borrowed': ['survivor.ts', 'share()'],
  'landed-late': ['merge.ts', "judgement === 'late'"],
  'put-back': ['hindsight.ts', "verdict === 'put-back'"],
  'overlooked-and-merged': ['overlooked.ts', 'mergeOne()'],
  'fate-not-applied': ['fate.ts', "fate === 'not-applied'"],
  'fate-applied': ['fate.ts', "not: fate === 'conflict'"],
  'fate-in-conflict': ['fate.ts', "fate === 'conflict'"],
  'deletion-closes': ['deletion.ts', 'close()'],
  'deletion-ignored': ['deletion.ts', 'without isMortal(scene)'],
  'deletion-buries': ['deletion.ts', '!isIgnored && isMortal(scene)'],
  'deletion-undone': ['deletion.ts', 'revive()'],
};

/** Told of, and not waited for: hundreds of histories may pass without. */
const SELDOM: readonly string[] = ['landed-late', 'put-back'];

export const DECIDED = Object.keys(NAMED)
  .filter((name) => !SELDOM.includes(name))
  .map((name) => `decided:${name}`);

/** How often each was, of those that were. */
export function decidedIn(tally: Tally): Readonly<Record<string, number>> {
  const times = Object.entries(NAMED).map(([name, [file, label]]) => {
    const branches = tally.get(file)?.filter((branch) => branch.label === label) ?? [];
    if (branches.length === 0) throw new TypeError(`no branch of ${file} is called ${label}`);
    return [`decided:${name}`, branches.reduce((sum, branch) => sum + branch.times, 0)] as const;
  });
  return Object.fromEntries(times.filter(([, count]) => count > 0));
}
