import { seededRandom } from '../../memory/index.ts';
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
} as const satisfies Readonly<Record<string, Layer>>;

export type LayerName = keyof typeof LAYERS;
export const LAYER_NAMES = Object.keys(LAYERS) as LayerName[];

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
};

/** Each world that chance brings into this history, over those it is laid over. */
export function withWorlds(usual: Plan): Plan {
  return LAYER_NAMES.reduce((plan, name) => {
    const { share, stream, notOver, hasNoPolicies } = ALONE[name];
    const [factor, term] = stream;
    const random = seededRandom(usual.seed * factor + term);
    if (!random.chance(share) || notOver.some((other) => LAYERS[other].isIn(plan))) return plan;
    return LAYERS[name].lay(hasNoPolicies === true ? withoutPolicies(plan) : plan, random);
  }, usual);
}
