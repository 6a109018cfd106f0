import type { FeatureStates } from '../../../../shared/config/index.ts';
import type { Action } from '../call.ts';

export const readFeatures: Action = async ({ caller }, { features }) => ({
  status: 200,
  body: await features.of(caller.organization),
});

export const changeFeatures: Action = async ({ caller, body }, { features, audit, clock }) => {
  const { organization, actor } = caller;
  // It is about no connection but all of them. Said twice: should the second be lost, the first tells who asked.
  const say = (outcome: 'uncertain' | 'done') => (facts: FeatureStates) => {
    const entry = { organization, actor, connection: '-', action: 'features.changed', outcome };
    return audit.append({ ...entry, atMs: clock.now(), facts: { ...facts } });
  };
  const states = await features.change(organization, body, say('uncertain'));
  await say('done')(states);
  return { status: 200, body: states };
};
