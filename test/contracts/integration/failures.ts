import { expect } from 'vitest';
import { HubError } from '../../../shared/errors.ts';
import { creationOf, type Rule, rootFor, type Subject } from './rule.ts';

const CODES = {
  throttled: 'rate_limited',
  unavailable: 'provider_unavailable',
  unauthorized: 'reauthorization_required',
  rejected: 'provider_rejected',
} as const;

/** A vendor's failures, sorted by what must happen next; every one is an outcome, none is thrown. */
export function failureRules(subject: Subject): readonly Rule[] {
  if (subject.capability.creation === undefined) return [];
  return (Object.keys(CODES) as (keyof typeof CODES)[]).map((failure) => ({
    title: `answers ${failure} as an outcome that names it, and has done nothing`,
    async holds(world) {
      const root = await rootFor(subject, world);
      const before = await world.control.count(subject.kind, root);
      const change = await creationOf(subject, world, root === undefined ? {} : { root });
      await world.control.failNextWrite(failure);

      const outcome = await world.integration.write!(change);

      // An unavailable vendor may be one that never got the request or one that died with it: both are honest.
      const honest = failure === 'unavailable' ? ['refused', 'uncertain'] : ['refused'];
      expect(honest).toContain(outcome.outcome);
      if (outcome.outcome === 'settled') return;
      if (outcome.outcome === 'refused') expect(outcome.why).toBe(failure);
      expect(outcome.error).toBeInstanceOf(HubError);
      expect(outcome.error.code).toBe(CODES[failure]);
      expect(await world.control.count(subject.kind, root)).toBe(before);
    },
  }));
}
