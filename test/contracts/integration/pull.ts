import { expect } from 'vitest';
import type { Cursor, Observation, Page } from '../../../shared/ports/index.ts';
import type { VendorWorld } from '../integration.ts';
import { personalCopy, type Rule, type Subject } from './rule.ts';

export function pullRules(subject: Subject): readonly Rule[] {
  const { manifest, harness, kind, samples } = subject;
  if (manifest.poll === undefined) return [];
  return [
    pullsEverything(subject),
    ...(samples.second === undefined ? [] : [pullsWhatChangedSince(subject)]),
    ...(harness.undeletable?.includes(kind) ? [] : [pullsDeletions(subject)]),
  ];
}

async function pulled(subject: Subject, world: VendorWorld, after?: Cursor): Promise<readonly Page[]> {
  const pages: Page[] = [];
  for await (const page of world.integration.pull!(subject.kind, after)) pages.push(page);
  return pages;
}

function seen(pages: readonly Page[]): readonly Observation[] {
  return pages.flatMap((page) => page.observations);
}

function pullsEverything(subject: Subject): Rule {
  return {
    title: 'pulls everything from the beginning, oldest first, and says which page is the last',
    async holds(world) {
      const first = await personalCopy(subject, world);
      await world.control.advance(2_000);
      const second = await personalCopy(subject, world);

      const pages = await pulled(subject, world);

      const ids = seen(pages).map(({ externalId }) => externalId);
      expect(ids.indexOf(first.externalId)).toBeGreaterThanOrEqual(0);
      expect(ids.indexOf(second.externalId)).toBeGreaterThan(ids.indexOf(first.externalId));
      expect(pages.map(({ isLast }) => isLast)).toEqual(pages.map((_, at) => at === pages.length - 1));
    },
  };
}

function pullsWhatChangedSince(subject: Subject): Rule {
  const { kind, mapping, samples } = subject;
  return {
    title: 'pulls what changed after the cursor, and again what changed inside the overlap',
    async holds(world) {
      const copy = await personalCopy(subject, world);
      const { next } = (await pulled(subject, world)).at(-1)!;
      await world.control.advance(2_000);
      await world.person.edits(copy, samples.second!);

      const [changed] = seen(await pulled(subject, world, next)).filter(
        ({ externalId }) => externalId === copy.externalId,
      );

      expect(mapping.interpret(kind, changed!.fields, world.context)).toMatchObject(samples.second!);
    },
  };
}

function pullsDeletions(subject: Subject): Rule {
  return {
    title: 'pulls a deletion as positive evidence',
    async holds(world) {
      const copy = await personalCopy(subject, world);
      const { next } = (await pulled(subject, world)).at(-1)!;
      await world.control.advance(2_000);
      await world.person.deletes(copy);

      const changed = seen(await pulled(subject, world, next)).filter(
        ({ externalId }) => externalId === copy.externalId,
      );

      expect(changed.some(({ life }) => life === 'deleted')).toBe(true);
    },
  };
}
