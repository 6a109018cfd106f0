import fc from 'fast-check';
import { expect } from 'vitest';
import { InvalidInputError } from '../../../shared/errors.ts';
import { canonical, projectable, type Rule, type Subject } from './rule.ts';

export function mappingRules(subject: Subject): readonly Rule[] {
  return [
    canonicalFormIsIdempotent(subject),
    projectionSurvivesInterpretation(subject),
    unreadableBodyIsNamed(subject),
    ...(subject.kind === 'comment' ? [internalNoteStaysInside(subject)] : []),
  ];
}

function canonicalFormIsIdempotent({ mapping, kind, capability }: Subject): Rule {
  return {
    title: 'has a canonical form that does not change when taken again',
    async holds() {
      const fields = fc.constantFrom(...Object.keys(capability.fields));
      const raws = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean(), fc.constant(null));

      fc.assert(
        fc.property(fields, raws, (field, raw) => {
          const once = mapping.canonicalForm(kind, field, raw);
          expect(mapping.canonicalForm(kind, field, once)).toEqual(once);
        }),
      );
    },
  };
}

function projectionSurvivesInterpretation(subject: Subject): Rule {
  const { mapping, kind, samples } = subject;
  return {
    title: 'projects a record and interprets the projection back, up to its canonical form',
    async holds({ context }) {
      for (const fields of [samples.first, samples.second ?? samples.first]) {
        const raw = mapping.project(projectable(subject, fields), context);
        const again = mapping.project(
          projectable(subject, { ...fields, ...mapping.interpret(kind, raw!, context) }),
          context,
        );

        expect(canonical(subject, again!)).toEqual(canonical(subject, raw!));
      }
    },
  };
}

function unreadableBodyIsNamed({ mapping }: Subject): Rule {
  return {
    title: 'names an unreadable body as invalid input',
    async holds({ context }) {
      const body = new TextEncoder().encode('{"half":');

      expect(() => mapping.decode(body, 'application/json', context)).toThrow(InvalidInputError);
    },
  };
}

function internalNoteStaysInside(subject: Subject): Rule {
  const { mapping, manifest, samples } = subject;
  return {
    title: manifest.isCustomerVisible
      ? 'has no place for an internal note (invariant 7)'
      : 'has a place for an internal note',
    async holds({ context }) {
      const note = projectable(subject, samples.first, { visibility: 'internal' });

      const fields = mapping.project(note, context);

      expect(fields === undefined).toBe(manifest.isCustomerVisible);
    },
  };
}
