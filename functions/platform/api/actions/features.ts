import type { Action } from '../call.ts';

export const readFeatures: Action = async ({ caller }, { features }) => ({
  status: 200,
  body: await features.of(caller.organization),
});

export const changeFeatures: Action = async ({ caller, body }, { features, audit, clock }) => {
  const { organization, actor } = caller;
  const states = await features.change(organization, body);
  const entry = { organization, actor, action: 'features.changed', outcome: 'done' } as const;
  // It is about no connection but all of them.
  await audit.append({ ...entry, connection: '-', atMs: clock.now(), facts: { ...states } });
  return { status: 200, body: states };
};
