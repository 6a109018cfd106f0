import { expect } from 'vitest';
import { type Fields, hasIdentity, referenceOf } from '../../../shared/domain/index.ts';
import type { CreationCapability } from '../../../shared/ports/index.ts';
import type { VendorWorld } from '../integration.ts';
import {
  canonical,
  creationOf,
  OTHER_RECORD,
  personalCopy,
  present,
  projectable,
  RECORD,
  type Rule,
  refTo,
  rootFor,
  type Subject,
  written,
} from './rule.ts';
import { samplesOf } from './samples.ts';

export function creationRules(subject: Subject): readonly Rule[] {
  const { creation } = subject.capability;
  if (creation === undefined) return [];
  return [
    createsOneCopy(subject),
    saysWhenTheAnswerIsLost(subject),
    ...byCapability(subject, creation),
    ...(hasIdentity(subject.kind) ? [matchesByIdentity(subject)] : []),
    ...namesItsReference(subject),
    ...(subject.kind === 'comment' && !subject.manifest.isCustomerVisible
      ? [keepsNotesInternal(subject)]
      : []),
  ];
}

function byCapability(subject: Subject, creation: CreationCapability): readonly Rule[] {
  switch (creation.by) {
    case 'unique':
      return [createsOnceHoweverOftenAsked(subject)];
    case 'find':
      return [findsItsMarker(subject, creation.searchLagMs)];
    case 'none':
      return [];
  }
}

async function countOf(subject: Subject, world: VendorWorld, root: Awaited<ReturnType<typeof rootFor>>) {
  return world.control.count(subject.kind, root);
}

function createsOneCopy(subject: Subject): Rule {
  const { capability, samples, mapping } = subject;
  return {
    title: 'creates a copy that reads back as it was projected, marked as the hub’s',
    async holds(world) {
      const root = await rootFor(subject, world);
      const before = await countOf(subject, world, root);
      const change = await creationOf(subject, world, root === undefined ? {} : { root });

      const settled = await written(world, change);

      const seen = await present(world, refTo(change, settled));
      const sent = mapping.project(projectable(subject, samples.first), world.context)!;
      expect(canonical(subject, seen.fields, sent)).toEqual(canonical(subject, sent));
      expect(seen.authorship).toBe(capability.hasAuthorship ? 'hub' : 'unknown');
      if (capability.creation?.by !== 'none') expect(seen.marker).toBe(RECORD);
      expect(await countOf(subject, world, root)).toBe(before + 1);
    },
  };
}

function saysWhenTheAnswerIsLost(subject: Subject): Rule {
  return {
    title: 'calls a creation whose answer was lost uncertain, not failed',
    async holds(world) {
      const change = await creationOf(subject, world);
      await world.control.loseNextAnswer();

      const outcome = await world.integration.write!(change);

      expect(outcome.outcome).toBe('uncertain');
    },
  };
}

function createsOnceHoweverOftenAsked(subject: Subject): Rule {
  return {
    title: 'creates once however often the same bytes are sent, the answer lost or not',
    async holds(world) {
      const root = await rootFor(subject, world);
      const before = await countOf(subject, world, root);
      const change = await creationOf(subject, world, root === undefined ? {} : { root });
      await world.control.loseNextAnswer();
      await world.integration.write!(change);

      const first = await written(world, change);
      const second = await written(world, change);

      expect(second.externalId).toBe(first.externalId);
      expect(await countOf(subject, world, root)).toBe(before + 1);
    },
  };
}

function findsItsMarker(subject: Subject, searchLagMs: number): Rule {
  return {
    title: 'finds its marker once the search lag has passed, and nobody else’s',
    async holds(world) {
      const root = await rootFor(subject, world);
      const change = await creationOf(subject, world, root === undefined ? {} : { root });
      await world.control.loseNextAnswer();
      await world.integration.write!(change);
      await world.control.advance(searchLagMs);

      const found = await world.integration.find!(RECORD, subject.kind, root?.externalId);

      expect(found).toMatchObject({ kind: subject.kind, marker: RECORD });
      expect(await world.integration.find!(OTHER_RECORD, subject.kind, root?.externalId)).toBeUndefined();
    },
  };
}

function matchesByIdentity(subject: Subject): Rule {
  const { kind, samples } = subject;
  const sought = (write: (value: string) => string): Fields =>
    Object.fromEntries(Object.entries(samples.first).map(([name, value]) => [name, write(String(value))]));
  return {
    title: 'matches an object that exists by its identity, whatever its case, and no other',
    async holds(world) {
      const copy = await personalCopy(subject, world);

      const found = await world.integration.match!(
        kind,
        sought((value) => value.toUpperCase()),
      );

      expect(found?.externalId).toBe(copy.externalId);
      expect(
        await world.integration.match!(
          kind,
          sought((value) => `not-${value}`),
        ),
      ).toBeUndefined();
    },
  };
}

/** Where the hub may write whom a copy is about. */
function namesItsReference(subject: Subject): readonly Rule[] {
  const { kind, capability, manifest, mapping, samples } = subject;
  const reference = referenceOf(kind);
  if (reference === undefined || manifest.kinds[reference.kind] === undefined) return [];
  if ((capability.fields[reference.field]?.writable ?? 'never') === 'never') return [];
  const { first } = samplesOf(reference.kind, manifest.kinds[reference.kind]!, undefined);
  const names: Rule = {
    title: 'names in a copy the copy of what its record refers to',
    async holds(world) {
      const { externalId } = await world.person.creates({ kind: reference.kind, fields: first });
      const change = await creationOf(subject, world);
      const record = projectable(subject, { ...samples.first, [reference.field]: OTHER_RECORD });
      const fields = mapping.project({ ...record, referredExternalId: externalId }, world.context)!;

      const settled = await written(world, { ...change, fields });

      const seen = await present(world, refTo(change, settled));
      expect(seen.fields[reference.field]).toBe(externalId);
    },
  };
  return [names];
}

function keepsNotesInternal(subject: Subject): Rule {
  return {
    title: 'writes an internal note as internal',
    async holds(world) {
      const change = await creationOf(subject, world, { visibility: 'internal' });

      const settled = await written(world, change);

      const seen = await present(world, refTo(change, settled));
      expect(seen.visibility ?? 'internal').toBe('internal');
    },
  };
}
