import { expect } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { canonical, personalCopy, present, type Rule, type Subject } from './rule.ts';

export function readRules(subject: Subject): readonly Rule[] {
  const { capability, harness, samples, kind } = subject;
  if (!capability.canRead) return [];
  return [
    readsWhatAPersonMade(subject),
    provesNothingByAbsence(subject),
    ...(kind === 'comment' ? [readsVisibility(subject)] : []),
    ...(samples.second === undefined ? [] : [seesAnEdit(subject)]),
    ...(harness.undeletable?.includes(kind) ? [] : [doesNotReadTheDeleted(subject)]),
  ];
}

function readsWhatAPersonMade(subject: Subject): Rule {
  const { kind, capability, mapping, samples } = subject;
  return {
    title: 'reads what a person made, under canonical field names and as somebody else’s',
    async holds(world) {
      const copy = await personalCopy(subject, world);

      const seen = await present(world, copy);

      expect(seen).toMatchObject({ kind, externalId: copy.externalId });
      expect(seen.rootExternalId).toBe(copy.rootExternalId);
      expect(Object.keys(capability.fields)).toEqual(expect.arrayContaining(Object.keys(seen.fields)));
      expect(mapping.interpret(kind, seen.fields, world.context)).toMatchObject(samples.first);
      expect(canonical(subject, seen.fields)).toEqual(
        canonical(subject, (await world.control.truth(copy))!, seen.fields),
      );
      expect(seen.authorship).toBe(capability.hasAuthorship ? 'other' : 'unknown');
      expect(seen.marker).toBeUndefined();
      if (capability.hasConditionalWrites) expect(seen.version).toBeDefined();
    },
  };
}

function provesNothingByAbsence(subject: Subject): Rule {
  return {
    title: 'answers absent, not deleted, for what it cannot see (DESIGN, Deletion)',
    async holds(world) {
      const copy = await personalCopy(subject, world);
      const stranger = { ...copy, externalId: unknownLike(copy.externalId) };

      expect(await world.integration.read!(stranger)).toEqual({ state: 'absent' });
      if (world.control.hide === undefined) return;
      await world.control.hide(copy);
      expect(await world.integration.read!(copy)).toEqual({ state: 'absent' });
    },
  };
}

/** The same shape, another object: the last two digits are turned. */
function unknownLike(id: ExternalId): ExternalId {
  return id.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 5) % 10)) as ExternalId;
}

function readsVisibility(subject: Subject): Rule {
  const { manifest } = subject;
  return {
    title: 'tells a public comment from an internal one',
    async holds(world) {
      const shown = await personalCopy(subject, world, { visibility: 'public' });
      expect((await present(world, shown)).visibility).toBe('public');
      if (manifest.isCustomerVisible) return;

      const note = await personalCopy(subject, world, { visibility: 'internal' });

      expect((await present(world, note)).visibility ?? 'internal').toBe('internal');
    },
  };
}

function seesAnEdit(subject: Subject): Rule {
  const { kind, mapping, samples } = subject;
  return {
    title: 'reads a person’s edit, and never an older version for a newer one',
    async holds(world) {
      const copy = await personalCopy(subject, world);
      const before = await present(world, copy);
      await world.control.advance(2_000);
      await world.person.edits(copy, samples.second!);

      const after = await present(world, copy);

      expect(mapping.interpret(kind, after.fields, world.context)).toMatchObject(samples.second!);
      expect(after.atMs).toBeGreaterThan(before.atMs);
      if (before.version === undefined) return;
      expect(after.version?.source).toBe(before.version.source);
      expect(after.version?.value).not.toBe(before.version.value);
    },
  };
}

function doesNotReadTheDeleted(subject: Subject): Rule {
  return {
    title: 'does not show a deleted object as present',
    async holds(world) {
      const copy = await personalCopy(subject, world);
      await world.person.deletes(copy);

      const remote = await world.integration.read!(copy);

      expect(remote.state).not.toBe('present');
    },
  };
}
