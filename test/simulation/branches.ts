import type { Note } from '../../shared/sync/state.ts';
import type { World } from './world.ts';
import { jobsOf } from './worlds/backfilling.ts';
import { pairsIn } from './worlds/layers.ts';

/** What the engine decided, by its own metrics: which branches this history went through. */
export function countBranches(world: World): void {
  const { telemetry, injector, store, plan } = world;
  for (const { profile } of plan.vendors) {
    for (const [name, value] of Object.entries(profile)) injector.count(`world:${name}=${value}`);
  }
  if (plan.vendors.some(({ profile }) => profile.files !== undefined)) injector.count('world:files');
  if (plan.isFlooded) injector.count('world:greedy-tenant');
  for (const pair of pairsIn(plan)) injector.count(`together:${pair}`);
  for (const { direction, state } of jobsOf(world)) injector.count(`backfill:${state}-${direction ?? 'in'}`);
  if (plan.operations.some(({ operation }) => operation === 'remap')) injector.count('world:remaps');
  if (plan.operations.some(({ operation }) => operation === 'replay')) injector.count('world:bulk-replays');
  if (plan.vendors.some(({ tokens }) => tokens !== undefined)) injector.count('world:ending-tokens');
  if (plan.skewsMs.some((ms) => ms < -60_000)) injector.count('world:clocks-behind');
  if (plan.skewsMs.some((ms) => ms > 60_000)) injector.count('world:clocks-ahead');
  if (new Set(plan.vendors.map(({ organization }) => organization)).size > 1)
    injector.count('world:two-organizations');
  for (const { name, value } of telemetry.metrics) {
    if (value > 0 && !name.endsWith('Lag')) injector.count(`branch:${name}`);
  }
  countDeletions(world);
  for (const { sk, data } of store.items()) {
    if (sk === 'parked') injector.count(`parked:${(data as { cause: string }).cause}`);
    const { losses = [] } = data as Partial<Note>;
    for (const { policy, field } of losses) {
      injector.count(`policy:${policy}`);
      if (field === 'body') injector.count(`body-policy:${policy}`);
    }
  }
}

/** By what each meant elsewhere. */
function countDeletions({ sites, plan, injector }: World): void {
  for (const { vendor, index } of sites) {
    for (const { object, by, deed } of vendor.deeds) {
      const kind = vendor.objects.get(object)?.kind;
      if (deed !== 'deleted' || by !== 'person' || kind === undefined) continue;
      injector.count(`deletion:${plan.vendors[index]?.deletions?.[kind] ?? 'tombstone'}-${kind}`);
    }
  }
}
