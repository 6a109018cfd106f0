import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { story } from '../../bin/local/demo/story.ts';
import { play } from '../../bin/local/demo/timeline.ts';
import { connectionOf, type JourneyHub, journeyHub } from './hub.ts';

let journey: JourneyHub;
beforeAll(async () => {
  journey = await journeyHub();
}, 180_000);
afterAll(() => journey.hub.close());

describe('a customer in Slack and an agent in Salesforce', () => {
  it('read each other, and every step holds in the vendors’ own state', async () => {
    const { world } = journey;
    const report = await play(story(world), world.lagsMs, () => undefined);

    expect(report.steps.filter(({ problem }) => problem !== undefined)).toEqual([]);
    expect(report.ok).toBe(true);
    expect(report.syncLagMs.p50).toBeGreaterThan(0);
  }, 180_000);

  it('leave both connections accounted for', async () => {
    for (const integration of ['slack', 'salesforce']) {
      const { accounting, parkedWork } = await connectionOf(journey.world, integration);

      expect(accounting).toMatchObject({ isBalanced: true, parked: 0 });
      expect(parkedWork).toBe(0);
    }
  });
});
