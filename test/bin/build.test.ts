import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildFunctions } from '../../bin/build.ts';
import { platformFunctions } from '../../lib/functions.ts';

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

  it('lays the console’s app beside its function, and builds it once', async () => {
    const functions = [platformFunctions.console];

    const first = await buildFunctions({ outDir, functions });
    const page = readFileSync(join(outDir, 'platform-console/app/index.html'), 'utf8');
    const second = await buildFunctions({ outDir, functions });

    expect(first.isFresh).toBe(true);
    expect(existsSync(join(outDir, 'platform-console/index.mjs'))).toBe(true);
    expect(page).toMatch(/<script[^>]+src="\/console\/assets\/[^"]+\.js"/);
    expect(second).toEqual({ ...first, isFresh: false });
  });

  it('leaves such a function out where that is asked for', async () => {
    const report = await buildFunctions({ outDir, functions: [absent], allowMissing: true });

    expect(report).toEqual({ outDir, isFresh: true, sizes: {} });
  });
});
