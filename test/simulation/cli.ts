import { parseArgs } from 'node:util';
import { told as decisionsTold } from './decisions/told.ts';
import { planOf } from './generate.ts';
import type { Breach } from './oracle/index.ts';
import { runBatch } from './pool.ts';
import { type Report, reportOf } from './report.ts';
import type { Outcome } from './run.ts';
import { isSafeguard, SAFEGUARDS, type Safeguard } from './safeguards.ts';
import { shrink, told } from './shrink.ts';
import { isLayer, LAYER_NAMES, type LayerName } from './worlds/layers.ts';
import { writtenFor } from './written-histories.ts';

const DEFAULT_HISTORIES = 1_000;
/** Fewer histories cannot be expected to meet every fault. */
const MEETS_ALL_FROM = 500;
const MAX_SHRINKING_STEPS = 3_000_000;
const MAX_SHRINKING_STEPS_IN_JSON = 500_000;

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: String(DEFAULT_HISTORIES) },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
    without: { type: 'string' },
    worlds: { type: 'string' },
  },
});

process.exitCode = await main();

async function main(): Promise<number> {
  const histories = Number(values.histories);
  const seed = Number(values.seed);
  if (!Number.isInteger(histories) || histories < 1 || !Number.isInteger(seed)) {
    return refuse('--histories and --seed take whole numbers');
  }
  const { without } = values;
  if (without !== undefined && !isSafeguard(without)) {
    return refuse(`--without takes one of: ${SAFEGUARDS.join(', ')}`);
  }
  const worlds = values.worlds?.split('+');
  if (worlds !== undefined && !worlds.every(isLayer))
    return refuse(`--worlds takes some of these, with + between them: ${LAYER_NAMES.join(', ')}`);
  const startedMs = performance.now();
  const chosen = {
    ...(without === undefined ? {} : { without }),
    ...(worlds === undefined ? {} : { worlds }),
  };
  const ran = await runBatch({ seed, histories, ...chosen });
  const { outcomes } = ran;
  const report = reportOf(ran);
  const perSecond = Math.round((1000 * outcomes.length) / (performance.now() - startedMs));
  const failing = outcomes.filter(({ breaches }) => breaches.length > 0);
  const isIdle = worlds === undefined && histories >= MEETS_ALL_FROM && report.idle.length > 0;
  const written = without && (await writtenFor(without))?.outcome.breaches;
  const isGood = failing.length === 0 && !isIdle && written === undefined;
  const circumstances = { isGood, perSecond, seed, without, worlds, written };
  if (values.json) console.log(JSON.stringify(await inJson(report, failing, circumstances)));
  else await print(report, failing, circumstances);
  return isGood ? 0 : 1;
}

function refuse(why: string): number {
  console.error(why);
  return 2;
}

interface Circumstances {
  readonly perSecond: number;
  readonly seed: number;
  readonly without: Safeguard | undefined;
  readonly worlds: readonly LayerName[] | undefined;
  /** What broke of a history that was written for the safeguard that is off. */
  readonly written: readonly Breach[] | undefined;
}

async function inJson(
  report: Report,
  failing: readonly Outcome[],
  how: Circumstances & { readonly isGood: boolean },
) {
  const { isGood, perSecond, seed, without, worlds, written } = how;
  const failures = failing.map(({ seed: failed, breaches }) => ({
    seed: failed,
    breaches,
    replay: replayOf(failed, how),
  }));
  const [first] = failing;
  const shrunk =
    first && told(await shrink(planOf(first.seed, worlds), without, MAX_SHRINKING_STEPS_IN_JSON));
  return {
    ok: isGood,
    seed,
    ...(without === undefined ? {} : { without }),
    perSecond,
    ...report,
    failures,
    ...(written === undefined ? {} : { written }),
    ...(shrunk === undefined ? {} : { shrunk }),
  };
}

function replayOf(seed: number, { without, worlds }: Pick<Circumstances, 'without' | 'worlds'>): string {
  const given = [
    ...(without === undefined ? [] : [` --without ${without}`]),
    ...(worlds === undefined ? [] : [` --worlds ${worlds.join('+')}`]),
  ];
  return `npm run simulate -- --histories 1 --seed ${seed}${given.join('')}`;
}

async function print(report: Report, failing: readonly Outcome[], how: Circumstances) {
  const { perSecond, without, worlds, written } = how;
  console.log(
    `${report.histories} histories, ${perSecond} a second; median ${report.medianOperations} operations and ${report.medianKindsOfFault} kinds of fault`,
  );
  for (const line of decisionsTold(report.decisions)) console.log(line);
  for (const [name, times] of Object.entries(report.counts).sort()) console.log(`  ${name}: ${times}`);
  if (report.idle.length > 0) console.log(`never happened: ${report.idle.join(', ')}`);
  for (const { invariant, what } of written ?? [])
    console.log(`of what is written for ${without} invariant ${invariant} broke: ${what}`);
  if (failing.length === 0)
    return console.log(`every invariant held${written === undefined ? '' : ' in the generated ones'}`);
  console.log(`${failing.length} histories broke: ${JSON.stringify(report.breachesByInvariant)}`);
  for (const { seed, breaches } of failing.slice(0, 20)) {
    console.log(`  ${replayOf(seed, how)}  # invariant ${breaches[0]!.invariant}: ${breaches[0]!.what}`);
  }
  const shortest = await shrink(planOf(failing[0]!.seed, worlds), without, MAX_SHRINKING_STEPS);
  console.log(
    `\nthe first of them, shrunk in ${shortest.runs} runs (replay: ${replayOf(failing[0]!.seed, how)})`,
  );
  console.log(told(shortest));
}
