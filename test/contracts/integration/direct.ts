import { expect } from 'vitest';
import type { Rule, Subject } from './rule.ts';

/** Only where it is declared: most vendors have no such thing. */
export function directRules({ kind, manifest, mapping }: Subject): readonly Rule[] {
  if (kind !== 'ticket' || !manifest.capabilities.includes('direct-messages')) return [];
  return [
    {
      title: 'takes a direct message for a conversation of its own, and the next one for a part of it',
      async holds(world) {
        const first = await world.person.writesDirectly!('Is anybody there?');
        const second = await world.person.writesDirectly!('I am in the shop');

        const bodies = await world.control.deliveries();
        const seen = bodies.flatMap(({ body, contentType }) => {
          const decoded = mapping.decode(body, contentType, world.context);
          return decoded.outcome === 'observations' ? decoded.observations : [];
        });

        expect(second.rootExternalId).toBe(first.rootExternalId);
        const roots = seen.map(({ rootExternalId, externalId }) => rootExternalId ?? externalId);
        expect(roots).toContain(first.rootExternalId);
        const root = { kind: 'ticket', externalId: first.rootExternalId! } as const;
        expect((await world.integration.read!(root)).state).toBe('present');
        expect(await world.integration.read!(second)).toMatchObject({
          state: 'present',
          observation: { fields: { body: 'I am in the shop' } },
        });
      },
    },
  ];
}
