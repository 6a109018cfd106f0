import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { newDirectory } from './local/sqs/fixture.ts';

const script = fileURLToPath(new URL('../../.ci/run', import.meta.url));

/** Says what it was asked, as vitest closes; fails at the one command it is told to. */
const npm = `#!/usr/bin/env bash
echo "$*" >> "$RECORD"
case "$*" in
  test) printf '\\033[2m Test Files \\033[22m 9 passed (9)\\n\\033[2m      Tests \\033[22m 99 passed (99)\\n' ;;
  "run check") printf ' Test Files  1 passed (1)\\n      Tests  5 passed (5)\\n' ;;
esac
[ "$*" != "$FAILS" ]
`;

function run(fails: string) {
  const root = newDirectory();
  const tools = join(root, 'tools');
  mkdirSync(tools);
  for (const [name, text] of Object.entries({ npm, chromium: '#!/bin/sh\n' })) {
    writeFileSync(join(tools, name), text);
    chmodSync(join(tools, name), 0o755);
  }
  mkdirSync(join(root, '.ci'));
  cpSync(script, join(root, '.ci/run'));
  const record = join(root, 'record');
  const env = {
    ...process.env,
    PATH: `${tools}${delimiter}${process.env.PATH}`,
    RECORD: record,
    FAILS: fails,
  };
  const { status, stdout } = spawnSync('bash', [join(root, '.ci/run')], { env, encoding: 'utf8' });
  const asked = readFileSync(record, 'utf8').trim().split('\n');
  return { status, asked, closing: stdout.trimEnd().split('\n').slice(-2) };
}

describe('what a clean checkout must pass', () => {
  it('installs, tests, tests in a browser, checks and synthesizes, and closes with the tests’ own count', () => {
    const { status, asked, closing } = run('nothing');

    expect(status).toBe(0);
    expect(asked).toEqual(['ci', 'test', 'run test:browser', 'run check', 'run synth']);
    expect(closing).toEqual([' Test Files  9 passed (9)', '      Tests  99 passed (99)']);
  });

  it.each(['ci', 'test', 'run test:browser', 'run check', 'run synth'])(
    'stops and fails where npm %s does',
    (command) => {
      const { status, asked } = run(command);

      expect(status).not.toBe(0);
      expect(asked.at(-1)).toBe(command);
    },
  );
});
