import { type SeededRandom, seededRandom } from '../../memory/index.ts';
import type { Plan } from '../plan.ts';
import { accounts } from './accounts.ts';
import { backfills } from './backfills.ts';
import { files } from './files.ts';
import { flood } from './flood.ts';
import type { Layer } from './layer.ts';
import { merges } from './merges.ts';
import { policies, withoutPolicies } from './policies.ts';
import { remaps } from './remaps.ts';
import { replays } from './replays.ts';
import { restless } from './restless.ts';
import { restores } from './restores.ts';
import { tokens } from './tokens.ts';

/** In the order in which they are laid over a history. */
export const LAYERS = {
  policies,
  flood,
  restless,
  files,
  remaps,
  replays,
  merges,
  accounts,
  backfills,
  tokens,
  restores,
} as const satisfies Readonly<Record<string, Layer>>;

export type LayerName = keyof typeof LAYERS;
export const LAYER_NAMES = Object.keys(LAYERS) as LayerName[];
export const isLayer = (name: string): name is LayerName => name in LAYERS;

interface Alone {
  readonly share: number;
  /** Draws of its own, so that all else of a seed's history stays what it is: from (seed × factor + term). */
  readonly stream: readonly [factor: number, term: number];
  /** It is not laid over a history that has one of these. */
  readonly notOver: readonly LayerName[];
  /** Where it is, every conflict is settled by the newest. */
  readonly hasNoPolicies?: true;
}

/** How a world comes into a history by itself: the more it keeps to itself, the better what breaks in it is understood. */
const ALONE: Readonly<Record<LayerName, Alone>> = {
  policies: { share: 0.3, stream: [40_503, 7], notOver: [] },
  flood: { share: 0.04, stream: [69_069, 5], notOver: [] },
  restless: { share: 0.04, stream: [134_775_813, 11], notOver: ['flood'], hasNoPolicies: true },
  files: { share: 0.2, stream: [22_695_477, 11], notOver: ['restless'] },
  remaps: { share: 0.07, stream: [1_103_515_245, 29], notOver: ['flood'] },
  replays: { share: 0.06, stream: [1_664_525, 41], notOver: ['flood'] },
  merges: {
    share: 0.1,
    stream: [48_271, 13],
    notOver: ['flood', 'restless', 'files', 'remaps', 'replays'],
  },
  accounts: { share: 0.08, stream: [214_013, 61], notOver: ['flood', 'remaps', 'merges'] },
  backfills: {
    share: 0.1,
    stream: [16_807, 37],
    notOver: ['flood', 'restless', 'files', 'remaps', 'replays', 'merges', 'accounts'],
    hasNoPolicies: true,
  },
  tokens: { share: 0.06, stream: [214_013, 53], notOver: ['flood', 'merges', 'accounts', 'backfills'] },
  restores: { share: 0.06, stream: [65_793, 17], notOver: ['flood', 'restless'] },
};

/** Which are never laid over one another, and why that would mean nothing. All others are. */
export const APART: readonly (readonly [LayerName, LayerName, why: string])[] = [
  [
    'restless',
    'policies',
    'a text that is another each time is merged line by line, or asked for, without end',
  ],
  [
    'flood',
    'backfills',
    'tenants of one integration share its manifest, and one of them alone would have the jobs',
  ],
];

const TOGETHER = { share: 1 / 8, thirds: 0.3, stream: [65_539, 71] } as const;

const drawsOf = ({ seed }: Plan, [factor, term]: Alone['stream']) => seededRandom(seed * factor + term);

/** In one history of eight two worlds or three are laid over one another; else whatever chance brings by itself. */
export function withWorlds(usual: Plan): Plan {
  const random = drawsOf(usual, TOGETHER.stream);
  return random.chance(TOGETHER.share) ? together(usual, random) : byThemselves(usual);
}

function byThemselves(usual: Plan): Plan {
  return LAYER_NAMES.reduce((plan, name) => {
    const { share, stream, notOver, hasNoPolicies } = ALONE[name];
    const random = drawsOf(usual, stream);
    if (!random.chance(share) || notOver.some((other) => LAYERS[other].isIn(plan))) return plan;
    return LAYERS[name].lay(hasNoPolicies === true ? withoutPolicies(plan) : plan, random);
  }, usual);
}

/** In an order that does not depend on what is kept apart: to let two come together changes no history without them. */
function together(usual: Plan, random: SeededRandom): Plan {
  const count = random.chance(TOGETHER.thirds) ? 3 : 2;
  const order = LAYER_NAMES.map((name) => ({ name, at: random.next() }))
    .filter(({ name }) => LAYER_NAMES.some((other) => other !== name && !isApart(name, other)))
    .sort((a, b) => a.at - b.at);
  const chosen: LayerName[] = [];
  for (const { name } of order)
    if (chosen.length < count && chosen.every((other) => !isApart(name, other))) chosen.push(name);
  return laid(usual, chosen);
}

export const laid = (usual: Plan, names: readonly LayerName[]): Plan =>
  LAYER_NAMES.filter((name) => names.includes(name)).reduce(
    (plan, name) => LAYERS[name].lay(plan, drawsOf(usual, ALONE[name].stream)),
    usual,
  );

export const isApart = (one: LayerName, other: LayerName): boolean =>
  APART.some((pair) => pair.includes(one) && pair.includes(other));

/** By name, each two worlds that a history has. */
export function pairsIn(plan: Plan): readonly string[] {
  const names = LAYER_NAMES.filter((name) => LAYERS[name].isIn(plan));
  return names.flatMap((one, at) => names.slice(at + 1).map((other) => `${one}+${other}`));
}
