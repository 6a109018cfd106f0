import { expect } from 'vitest';
import type { CopyRef, Observation, RemoteChange } from '../../../shared/ports/index.ts';
import type { VendorWorld } from '../integration.ts';
import {
  canonical,
  commentOf,
  creationOf,
  personalCopy,
  present,
  projectable,
  RECORD,
  type Rule,
  refTo,
  type Subject,
  written,
} from './rule.ts';

export function writeRules(subject: Subject): readonly Rule[] {
  const { capability, samples } = subject;
  const writable = Object.values(capability.fields).some((field) => field.writable !== 'never');
  const canWrite = writable && (capability.creation !== undefined || ownership(subject) === 'theirs');
  return [
    ...(canWrite && samples.second !== undefined ? [updates(subject)] : []),
    ...(canWrite && samples.second !== undefined && !subject.harness.undeletable?.includes(subject.kind)
      ? [doesNotResurrect(subject)]
      : []),
    ...(canWrite && samples.second !== undefined && capability.hasConditionalWrites
      ? [refusesAStaleBase(subject)]
      : []),
    ...(capability.canDelete !== 'never' && capability.creation !== undefined ? [deletes(subject)] : []),
  ];
}

/** Writes are tried on a person's object where the manifest says the hub may, else on one of the hub's. */
function ownership({ capability }: Subject): 'ours' | 'theirs' {
  return Object.values(capability.fields).some((field) => field.writable === 'always') ? 'theirs' : 'ours';
}

async function writableCopy(subject: Subject, world: VendorWorld): Promise<CopyRef> {
  if (ownership(subject) === 'theirs') return personalCopy(subject, world);
  const change = await creationOf(subject, world);
  return refTo(change, await written(world, change));
}

function updateOf(subject: Subject, world: VendorWorld, copy: CopyRef, base: Observation): RemoteChange {
  const { kind, mapping, samples } = subject;
  const record = projectable(subject, { ...samples.first, ...samples.second }, { copy: ownership(subject) });
  const fields = mapping.project(record, world.context)!;
  const change = {
    record: RECORD,
    operation: 'update',
    externalId: copy.externalId,
    ...(copy.rootExternalId === undefined ? {} : { rootExternalId: copy.rootExternalId }),
    fields,
    ...(base.version === undefined ? {} : { ifVersion: base.version }),
  } as const;
  if (kind !== 'comment') return { ...change, kind };
  return { ...change, kind, comment: commentOf(fields, 'public') };
}

function updates(subject: Subject): Rule {
  return {
    title: 'updates by the vendor’s id, and the state is then the hub’s',
    async holds(world) {
      const copy = await writableCopy(subject, world);
      await world.control.advance(2_000);
      const change = updateOf(subject, world, copy, await present(world, copy));

      const settled = await written(world, change);

      const seen = await present(world, copy);
      expect(settled.externalId).toBe(copy.externalId);
      expect(canonical(subject, seen.fields, change.fields)).toEqual(canonical(subject, change.fields));
      expect(seen.authorship).toBe(subject.capability.hasAuthorship ? 'hub' : 'unknown');
      if (settled.version !== undefined) expect(seen.version).toEqual(settled.version);
    },
  };
}

function refusesAStaleBase(subject: Subject): Rule {
  return {
    title: 'refuses a write whose base has moved on, and leaves the person’s value',
    async holds(world) {
      const copy = await writableCopy(subject, world);
      const change = updateOf(subject, world, copy, await present(world, copy));
      await world.control.advance(2_000);
      await world.person.edits(copy, subject.samples.second!);
      const truth = await world.control.truth(copy);

      const outcome = await world.integration.write!(change);

      expect(outcome).toMatchObject({ outcome: 'refused', why: 'conflict' });
      expect(await world.control.truth(copy)).toEqual(truth);
    },
  };
}

function doesNotResurrect(subject: Subject): Rule {
  return {
    title: 'answers gone for a deleted object, and does not bring it back',
    async holds(world) {
      const copy = await writableCopy(subject, world);
      const change = updateOf(subject, world, copy, await present(world, copy));
      await world.person.deletes(copy);

      const outcome = await world.integration.write!(change);

      expect(outcome).toMatchObject({ outcome: 'refused', why: 'gone' });
      expect(await world.control.truth(copy)).toBeUndefined();
    },
  };
}

function deletes(subject: Subject): Rule {
  return {
    title: 'deletes its own copy, and deleting it again is gone or settled',
    async holds(world) {
      const made = await creationOf(subject, world);
      const copy = refTo(made, await written(world, made));
      const root = copy.rootExternalId === undefined ? {} : { rootExternalId: copy.rootExternalId };
      const deletion: RemoteChange = {
        record: RECORD,
        kind: subject.kind,
        operation: 'delete',
        externalId: copy.externalId,
        ...root,
        fields: {},
      };

      await written(world, deletion);
      const again = await world.integration.write!(deletion);

      expect(await world.control.truth(copy)).toBeUndefined();
      expect(again.outcome === 'settled' || (again.outcome === 'refused' && again.why === 'gone')).toBe(true);
    },
  };
}
