import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { buildApp } from '../../bin/hub.ts';

const empty = mkdtempSync(join(tmpdir(), 'deskbridge-hub-'));
afterAll(() => rmSync(empty, { recursive: true, force: true }));

describe('the app', () => {
  it('refuses, in one sentence, when a function has not been built', () => {
    expect(() => buildApp({ stage: 'local', outdir: empty, buildDir: empty })).toThrow(
      /^no bundle of slack-inbound in .*, expected "node bin\/build\.ts" to have made it$/,
    );
  });

  it('refuses a stage setting that is wrong before it builds anything', () => {
    expect(() => buildApp({ stage: 'Production', outdir: empty })).toThrow(
      /"stage" is "Production", expected/,
    );
  });
});
