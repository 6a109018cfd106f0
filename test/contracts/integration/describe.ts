import { expect } from 'vitest';
import { isMapped } from '../../../shared/domain/index.ts';
import { faultsOf, rulesOf } from '../../../shared/mapping/index.ts';
import type { Rule, Subject } from './rule.ts';

/** Where fields are paired by a document, the vendor says itself what it has. */
export function describeRules(subject: Subject): readonly Rule[] {
  const { kind, manifest } = subject;
  if (!isMapped(kind) || manifest.mapping === undefined) return [];
  const standard = manifest.mapping;
  return [
    {
      title: 'describes every field its default mapping pairs, none of them at fault',
      async holds({ integration }) {
        const described = await integration.describe!(kind);

        const names = described.map(({ name }) => name);
        expect(names).toEqual(
          expect.arrayContaining(rulesOf(standard, kind).map(({ vendorField }) => vendorField)),
        );
        const only = { ...standard, kinds: { [kind]: standard.kinds[kind] } };
        expect(faultsOf(only, { standard, current: standard, descriptions: { [kind]: described } })).toEqual(
          [],
        );
      },
    },
  ];
}
