import type { Fields } from '../domain/record.ts';
import type { Mapping, MappingContext } from '../ports/mapping.ts';
import type { MappingDocument } from '../ports/mapping-document.ts';
import { allInward, allOutward, failureIn } from './interpret.ts';
import { rulesOf } from './rules.ts';
import { stamped } from './stamped.ts';

/** A context whose document is known: the connection's own, or the integration's default. */
export type DocumentedContext = MappingContext & { readonly mapping: MappingDocument };

/** What an integration's own code is to a document: the vendor's normalisation, its references, and the wire. */
export type OwnMapping = {
  readonly [Verb in Exclude<keyof Mapping, 'failureOf'>]: Mapping[Verb] extends (
    ...args: infer Args
  ) => infer Answer
    ? (...args: Documented<Args>) => Answer
    : never;
};
type Documented<Args extends readonly unknown[]> = {
  [Index in keyof Args]: Args[Index] extends MappingContext ? DocumentedContext : Args[Index];
};

/**
 * An integration's own code under its connection's document. Outwards the document speaks first and the vendor's
 * forms last, inwards the other way round; a kind without rules is the integration's alone.
 */
export function documented(own: OwnMapping, standard: MappingDocument): Mapping {
  const resolved = (context: MappingContext): DocumentedContext => ({
    ...context,
    mapping: context.mapping ?? standard,
  });
  return {
    decode(body, contentType, given) {
      const context = resolved(given);
      const decoded = own.decode(body, contentType, context);
      if (decoded.outcome !== 'observations') return decoded;
      return { ...decoded, observations: decoded.observations.map((o) => stamped(o, context.mapping)) };
    },
    project(record, given) {
      const context = resolved(given);
      const rules = rulesOf(context.mapping, record.kind);
      if (rules.length === 0) return own.project(record, context);
      const fields = own.project({ ...record, fields: allOutward(rules, record.fields) }, context);
      const written = new Set(rules.filter(({ direction }) => direction !== 'in').map(({ field }) => field));
      return fields && only(fields, written);
    },
    interpret(kind, raw, given) {
      const context = resolved(given);
      const rules = rulesOf(context.mapping, kind);
      const fields = own.interpret(kind, raw, context);
      return rules.length === 0 ? fields : allInward(rules, fields);
    },
    canonicalForm: own.canonicalForm,
    failureOf: (kind, fields, raw, given) => failureIn(rulesOf(resolved(given).mapping, kind), fields, raw),
  };
}

const only = (fields: Fields, names: ReadonlySet<string>): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.has(name)));
