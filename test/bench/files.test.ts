import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { carriage } from './files.ts';

const MEGABYTE = 1024 ** 2;
const [SMALL, LARGE] = [16 * MEGABYTE, 96 * MEGABYTE];

describe('a large file', () => {
  let world: Awaited<ReturnType<typeof carriage>>;
  beforeAll(async () => {
    world = await carriage();
  });
  afterAll(() => world.close());

  it('goes from Slack through S3 to Salesforce unchanged, and is never held whole', async () => {
    const small = await world.carry(SMALL);

    const large = await world.carry(LARGE);

    expect([large.bytes, large.arrived]).toEqual([LARGE, large.sent]);
    expect(large.peakBytes).toBeLessThan(200 * MEGABYTE);
    // A file held whole, however briefly, would add all it is larger by.
    expect(large.peakBytes - small.peakBytes).toBeLessThan(0.75 * (LARGE - SMALL));
    console.info(
      `${Math.round(large.bytes / large.seconds / MEGABYTE)} MB/s, ${Math.round(large.peakBytes / MEGABYTE)} MB at most`,
    );
  });
});
