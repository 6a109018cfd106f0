import { expect } from 'vitest';
import type { CopyRef, Creation } from '../../../shared/ports/index.ts';
import type { VendorWorld } from '../integration.ts';
import {
  creationOf,
  OTHER_RECORD,
  present,
  RECORD,
  type Rule,
  refTo,
  rootFor,
  type Settled,
  type Subject,
  written,
} from './rule.ts';

/** What can be made many at once fares as what is made alone. */
export function togetherRules(subject: Subject): readonly Rule[] {
  if (subject.manifest.backfill?.outward?.[subject.kind] === undefined) return [];
  return [createsManyAsOne(subject), createsOnceTogetherOrAlone(subject), doubtsEachOfMany(subject)];
}

async function twoOf(subject: Subject, world: VendorWorld, root: CopyRef | undefined): Promise<Creation[]> {
  const under = root === undefined ? {} : { root };
  const records = [RECORD, OTHER_RECORD];
  return (await Promise.all(
    records.map((record) => creationOf(subject, world, { ...under, record })),
  )) as Creation[];
}

function createsManyAsOne(subject: Subject): Rule {
  return {
    title: 'creates many at once, each read back as if it were made alone',
    async holds(world) {
      const root = await rootFor(subject, world);
      const changes = await twoOf(subject, world, root);
      const before = await world.control.count(subject.kind, root);

      const outcomes = await world.integration.together!.create(changes);

      expect(await world.control.count(subject.kind, root)).toBe(before + 2);
      for (const [at, change] of changes.entries()) {
        expect(outcomes[at]).toMatchObject({ outcome: 'settled' });
        const settled = outcomes[at] as Settled;
        expect(await present(world, refTo(change, settled))).toEqual({
          ...settled.observation,
          atMs: expect.any(Number),
        });
        expect(settled.observation?.marker).toBe(change.record);
      }
    },
  };
}

function createsOnceTogetherOrAlone(subject: Subject): Rule {
  return {
    title: 'creates once what is sent together and alone, the answer lost or not',
    async holds(world) {
      const root = await rootFor(subject, world);
      const changes = await twoOf(subject, world, root);
      const before = await world.control.count(subject.kind, root);
      const alone = await written(world, changes[0]!);
      await world.control.loseNextAnswer();
      await world.integration.together!.create(changes);

      const outcomes = await world.integration.together!.create(changes);

      expect(outcomes[0]).toMatchObject({ outcome: 'settled', externalId: alone.externalId });
      expect(outcomes[1]).toMatchObject({ outcome: 'settled' });
      expect(await world.control.count(subject.kind, root)).toBe(before + 2);
    },
  };
}

function doubtsEachOfMany(subject: Subject): Rule {
  return {
    title: 'calls each of many uncertain whose one answer was lost',
    async holds(world) {
      const changes = await twoOf(subject, world, await rootFor(subject, world));
      await world.control.loseNextAnswer();

      const outcomes = await world.integration.together!.create(changes);

      expect(outcomes.map(({ outcome }) => outcome)).toEqual(['uncertain', 'uncertain']);
    },
  };
}
