import { expect } from 'vitest';
import type { CopyRef, Observation } from '../../../shared/ports/index.ts';
import type { VendorWorld } from '../integration.ts';
import {
  canonical,
  creationOf,
  inBoth,
  personalCopy,
  present,
  type Rule,
  refTo,
  type Subject,
  written,
} from './rule.ts';

export function eventRules(subject: Subject): readonly Rule[] {
  const { kind, harness, capability, samples } = subject;
  if (harness.unannounced?.includes(kind)) return [];
  return [
    announcesAPersonsObject(subject),
    ...(samples.second === undefined ? [] : [announcesAPersonsEdit(subject)]),
    ...(capability.tellsDeletions === true ? [announcesADeletion(subject)] : []),
    ...(harness.revivable?.includes(kind) ? [announcesAnUndeletion(subject)] : []),
    ...(capability.creation === undefined ? [] : [recognisesItsOwnEcho(subject)]),
  ];
}

/** What the events since the last look say about one object. */
async function announced(
  subject: Subject,
  world: VendorWorld,
  copy: CopyRef,
): Promise<readonly Observation[]> {
  const bodies = await world.control.deliveries();
  const decoded = bodies.map(({ body, contentType }) =>
    subject.mapping.decode(body, contentType, world.context),
  );
  const observations = decoded.flatMap((each) => (each.outcome === 'observations' ? each.observations : []));
  return observations.filter(({ kind, externalId }) => kind === copy.kind && externalId === copy.externalId);
}

function announcesAPersonsObject(subject: Subject): Rule {
  const { capability, kind, mapping, samples } = subject;
  return {
    title: 'announces a person’s object by the id it is read under, its root with it',
    async holds(world) {
      const copy = await personalCopy(subject, world);

      const [seen] = await announced(subject, world, copy);

      expect(seen).toBeDefined();
      expect(seen!.rootExternalId).toBe(copy.rootExternalId);
      if (capability.hasAuthorship) expect(seen!.authorship).not.toBe('hub');
      if (seen!.needsRead) return;
      const said = mapping.interpret(kind, seen!.fields, world.context);
      expect(inBoth(said, samples.first)).toEqual(inBoth(samples.first, said));
      expect(kind !== 'comment' || seen!.visibility === 'public').toBe(true);
    },
  };
}

function announcesAPersonsEdit(subject: Subject): Rule {
  const { kind, mapping, samples } = subject;
  return {
    title: 'announces a person’s edit with its values, or asks for a read',
    async holds(world) {
      const copy = await personalCopy(subject, world);
      await world.control.deliveries();
      await world.control.advance(2_000);
      await world.person.edits(copy, samples.second!);

      const seen = await announced(subject, world, copy);

      expect(seen.length).toBeGreaterThan(0);
      const last = seen.at(-1)!;
      if (last.needsRead) return;
      const said = mapping.interpret(kind, last.fields, world.context);
      expect(inBoth(said, samples.second!)).toEqual(inBoth(samples.second!, said));
    },
  };
}

function announcesADeletion(subject: Subject): Rule {
  return {
    title: 'announces a deletion as positive evidence, or asks for a read',
    async holds(world) {
      const copy = await personalCopy(subject, world);
      await world.control.deliveries();
      await world.person.deletes(copy);

      const seen = await announced(subject, world, copy);

      expect(seen.some((each) => each.life === 'deleted' || each.needsRead)).toBe(true);
    },
  };
}

function announcesAnUndeletion(subject: Subject): Rule {
  return {
    title: 'announces an object brought back as alive again, or asks for a read, and then reads it',
    async holds(world) {
      const copy = await personalCopy(subject, world);
      await world.person.deletes(copy);
      await world.control.deliveries();
      await world.control.advance(2_000);
      await world.person.undeletes!(copy);

      const seen = await announced(subject, world, copy);

      expect(seen.length).toBeGreaterThan(0);
      expect(seen.every((each) => each.life === 'undeleted' || each.needsRead)).toBe(true);
      const { fields } = await present(world, copy);
      expect(canonical(subject, fields)).toEqual(
        canonical(subject, (await world.control.truth(copy))!, fields),
      );
    },
  };
}

function recognisesItsOwnEcho(subject: Subject): Rule {
  return {
    title: 'announces the hub’s own write as the values it reads back: an echo, not an edit',
    async holds(world) {
      const change = await creationOf(subject, world);
      await world.control.deliveries();
      const copy = refTo(change, await written(world, change));
      const { fields } = await present(world, copy);

      const echoes = await announced(subject, world, copy);

      expect(echoes.length).toBeGreaterThan(0);
      for (const echo of echoes) {
        expect(echo.authorship).not.toBe('other');
        if (!echo.needsRead)
          expect(canonical(subject, echo.fields)).toEqual(canonical(subject, fields, echo.fields));
      }
    },
  };
}
