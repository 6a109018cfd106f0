import { describe, expect, it } from 'vitest';
import { START_MS } from '../memory/index.ts';
import { Functions } from './functions.ts';
import { QUIET } from './quiet-world.ts';
import { SALESFORCE_LIKE } from './vendor/profile.ts';
import { worldOf } from './world.ts';

const MINUTE_MS = 60_000;

describe('what fails its function five times', () => {
  it('is taken up from the dead letters as soon as it is there, though nothing else happens', async () => {
    const vendors = [{ organization: 0, profile: SALESFORCE_LIKE }];
    const world = worldOf({ ...QUIET, retentionMs: 60 * MINUTE_MS, vendors });
    const { organization, integration } = world.sites[0]!;
    const functions = new Functions(world);
    // No site has such a connection: its worker fails each time.
    const message = {
      type: 'reconcile',
      organization,
      connection: 'nobody’s',
      root: 'r',
      wake: 'w',
    } as const;
    await world.queues.sendWork(integration, message as never);

    functions.pump();
    await world.scheduler.runUntil(START_MS + 16 * MINUTE_MS);

    expect(world.injector.happened.get('dead-letter')).toBe(1);
    expect(world.chronicle.starved).toEqual([]);
  });
});
