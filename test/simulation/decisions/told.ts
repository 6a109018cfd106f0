import type { Taken, Tally } from './tally.ts';

export interface FileTold {
  readonly taken: number;
  readonly of: number;
  /** Functions that have a name, by how often they were called. */
  readonly calls: Readonly<Record<string, number>>;
  /** Ways never taken, but for what lies within another of them. */
  readonly never: readonly string[];
  /** Every way, by where it is. */
  readonly branches: Readonly<Record<string, number>>;
}

/** By file of `shared/sync`, how often each decision went which way. */
export type Decisions = Readonly<Record<string, FileTold>>;

export function decisionsOf(tally: Tally): Decisions {
  return Object.fromEntries([...tally].map(([file, branches]) => [file, fileTold(branches)]));
}

const nameOf = ({ at, label }: Taken) => `${at} ${label}`;

function fileTold(branches: readonly Taken[]): FileTold {
  const idle = branches.filter(({ times }) => times === 0);
  const isWithin = (branch: Taken) => idle.some((other) => other !== branch && contains(other, branch));
  const calls = new Map<string, number>();
  for (const { name, times } of branches)
    if (name !== undefined) calls.set(name, (calls.get(name) ?? 0) + times);
  return {
    taken: branches.length - idle.length,
    of: branches.length,
    calls: Object.fromEntries(calls),
    never: idle.filter((branch) => !isWithin(branch)).map(nameOf),
    branches: Object.fromEntries(branches.map((branch) => [nameOf(branch), branch.times])),
  };
}

const contains = ({ region: { start, end } }: Taken, { from }: Taken) => start <= from && from < end;

/** As a person reads it: a line for each file, and one for what was never done there. */
export function told(decisions: Decisions): readonly string[] {
  const files = Object.entries(decisions).filter(([, { of }]) => of > 0);
  const sum = (count: (file: FileTold) => number) => files.reduce((so, [, file]) => so + count(file), 0);
  return [
    `${sum(({ taken }) => taken)} of the ${sum(({ of }) => of)} branches of shared/sync were taken (how often each: --json)`,
    ...files.flatMap(([file, { taken, of, calls, never }]) => [
      `  ${[`${file}: ${taken} of ${of}`, ...Object.entries(calls).map(([name, times]) => `${name} ${times}`)].join(', ')}`,
      ...(never.length === 0 ? [] : [`    never: ${never.join(' | ')}`]),
    ]),
  ];
}
