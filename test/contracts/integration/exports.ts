import { expect } from 'vitest';
import type { Exports, Observation } from '../../../shared/ports/index.ts';
import type { VendorWorld } from '../integration.ts';
import { personalCopy, type Rule, type Subject } from './rule.ts';

export function exportRules(subject: Subject): readonly Rule[] {
  const { manifest, harness, kind } = subject;
  if (!manifest.backfill?.kinds.includes(kind)) return [];
  return [
    exportsEverything(subject),
    exportsAsAPullDoes(subject),
    exportsWhatChangedSince(subject),
    ...(harness.undeletable?.includes(kind) ? [] : [leavesOutTheDead(subject)]),
    forgetsWhatIsDiscarded(subject),
  ];
}

const exportsIn = (world: VendorWorld): Exports => world.integration.exports!;

/** Begun, and ready: the vendor's clock is moved on until it is. */
async function begun({ kind }: Subject, world: VendorWorld, sinceMs?: number): Promise<string> {
  const name = await exportsIn(world).begin(kind, sinceMs);
  for (let looks = 0; looks < 20; looks += 1) {
    if ((await exportsIn(world).state(name)).state === 'ready') return name;
    await world.control.advance(1_000);
  }
  throw new Error('the export was never ready');
}

async function exported(
  { kind }: Subject,
  world: VendorWorld,
  given: { readonly name: string; readonly rows?: number },
): Promise<Observation[]> {
  const all: Observation[] = [];
  let at: string | undefined;
  do {
    const options = { rows: given.rows ?? 100, ...(at === undefined ? {} : { at }) };
    const page = await exportsIn(world).page(given.name, kind, options);
    expect(await exportsIn(world).page(given.name, kind, options)).toEqual(page);
    all.push(...page.observations);
    at = page.next;
  } while (at !== undefined);
  return all;
}

function exportsEverything(subject: Subject): Rule {
  return {
    title: 'exports everything, page by page, and each page again as it was',
    async holds(world) {
      const copies = [
        await personalCopy(subject, world),
        await personalCopy(subject, world),
        await personalCopy(subject, world),
      ];
      const name = await begun(subject, world);

      const all = await exported(subject, world, { name, rows: 1 });

      const ids = all.map(({ externalId }) => externalId).sort();
      expect(ids).toEqual(copies.map(({ externalId }) => externalId).sort());
      expect(await exportsIn(world).state(name)).toEqual({ state: 'ready', records: copies.length });
    },
  };
}

function exportsAsAPullDoes(subject: Subject): Rule {
  return {
    title: 'exports a row exactly as a pull brings it',
    async holds(world) {
      await personalCopy(subject, world);
      const pulled: Observation[] = [];
      for await (const page of world.integration.pull!(subject.kind, undefined))
        pulled.push(...page.observations);
      const name = await begun(subject, world);

      const all = await exported(subject, world, { name });

      const timeless = ({ atMs: _atMs, ...rest }: Observation) => rest;
      expect(all.map(timeless)).toEqual(pulled.map(timeless));
    },
  };
}

function exportsWhatChangedSince(subject: Subject): Rule {
  return {
    title: 'exports only what has changed since, where it is asked to',
    async holds(world) {
      await personalCopy(subject, world);
      await world.control.advance(60_000);
      const young = await personalCopy(subject, world);
      const [observation] = (await exported(subject, world, { name: await begun(subject, world) })).filter(
        ({ externalId }) => externalId === young.externalId,
      );

      const name = await begun(subject, world, observation!.atMs - 30_000);

      const all = await exported(subject, world, { name });
      expect(all.map(({ externalId }) => externalId)).toEqual([young.externalId]);
    },
  };
}

function leavesOutTheDead(subject: Subject): Rule {
  return {
    title: 'exports nothing that is deleted',
    async holds(world) {
      await world.person.deletes(await personalCopy(subject, world));
      const name = await begun(subject, world);

      expect(await exported(subject, world, { name })).toEqual([]);
    },
  };
}

function forgetsWhatIsDiscarded(subject: Subject): Rule {
  return {
    title: 'knows an export no more that was discarded, done or not, and takes a second discarding',
    async holds(world) {
      const done = await begun(subject, world);
      const underWay = await exportsIn(world).begin(subject.kind);

      for (const name of [done, underWay]) {
        await exportsIn(world).discard(name);
        await exportsIn(world).discard(name);

        expect(await exportsIn(world).state(name)).toEqual({ state: 'gone' });
      }
    },
  };
}
