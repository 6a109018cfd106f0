import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifest } from '../../../../functions/channels/slack/manifest.ts';
import type { ConnectionId, OrganizationId } from '../../../../shared/domain/index.ts';
import { createLimiter } from '../../../../shared/resilience/index.ts';
import { memoryStore, virtualClock } from '../../../memory/index.ts';

const SLACK_WINDOW_MS = 1_000;
const limit = manifest.limits.find(({ name }) => name === 'chat.postMessage')!;

describe('Slack limits: posting', () => {
  it('lets no two messages into a channel arrive within a second, though one is longer on its way', async () => {
    const ways = fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 2, maxLength: 10 });

    await fc.assert(
      fc.asyncProperty(ways, async (waysMs) => {
        const clock = virtualClock();
        const limiter = createLimiter({ store: memoryStore({ clock }), clock });
        const connection = {
          id: 'c1' as ConnectionId,
          organization: 'acme' as OrganizationId,
          integration: manifest.id,
        };
        const scope = { connection, limit, place: 'C1' };
        const arrivals: number[] = [];
        while (arrivals.length < waysMs.length) {
          const permit = await limiter.take(scope, 'live');
          if (permit.isGranted) arrivals.push(clock.now() + waysMs[arrivals.length]!);
          else clock.advance(permit.retryAfterMs);
        }

        const gaps = arrivals.slice(1).map((atMs, at) => atMs - arrivals[at]!);

        expect(Math.min(...gaps)).toBeGreaterThanOrEqual(SLACK_WINDOW_MS);
      }),
      { numRuns: 50 },
    );
  });
});
