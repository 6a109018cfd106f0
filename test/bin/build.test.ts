import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildFunctions } from '../../bin/build.ts';

const outDir = mkdtempSync(join(tmpdir(), 'deskbridge-build-'));
afterAll(() => rmSync(outDir, { recursive: true, force: true }));
const absent = { name: 'absent', entry: 'functions/channels/absent/inbound.ts' };

describe('the build', () => {
  it('refuses, in one sentence, when a declared function has no entry file', async () => {
    await expect(buildFunctions({ outDir, functions: [absent] })).rejects.toMatchObject({
      code: 'configuration',
      message:
        'no entry file at functions/channels/absent/inbound.ts, expected one for each function the manifests declare',
    });
  });

  it('leaves such a function out where that is asked for', async () => {
    const report = await buildFunctions({ outDir, functions: [absent], allowMissing: true });

    expect(report).toEqual({ outDir, isFresh: true, sizes: {} });
  });
});
