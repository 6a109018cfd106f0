import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { throwawayDirectory } from './hub.ts';

const script = fileURLToPath(new URL('../../bin/local.ts', import.meta.url));

interface Ended {
  readonly code: number | null;
  readonly told: string;
  readonly problems: string;
}

/** Starts it, and stops it with the signal as soon as it has printed `line`. */
async function stopAt(line: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> {
  const child = spawn(process.execPath, [script, ...args], { env: { ...process.env, PORT: '0', ...env } });
  const ended = { told: '', problems: '' };
  let isTold = false;
  child.stderr.on('data', (chunk: Buffer) => {
    ended.problems += chunk;
  });
  child.stdout.on('data', (chunk: Buffer) => {
    ended.told += chunk;
    if (isTold || !ended.told.includes(line)) return;
    isTold = true;
    child.kill('SIGTERM');
  });
  const [code] = await once(child, 'close');
  return { code: code as number | null, ...ended };
}

describe('SIGTERM', () => {
  it('in the middle of the first story stops the hub cleanly, and the story is told at the next start', async () => {
    const directory = throwawayDirectory();
    const env = { DESKBRIDGE_DATA: directory };

    const first = await stopAt('Deskbridge is ready: ', [], env);
    const second = await stopAt('a customer writes in Slack', [], env);

    for (const { code, told, problems } of [first, second]) {
      expect({ code, problems }).toEqual({ code: 0, problems: '' });
      expect(told).not.toMatch(/DID NOT HOLD|broke off|could not/);
    }
    expect(second.told.split('\n')[1]).toContain('a customer writes in Slack');
  }, 240_000);

  it('in the middle of the demo leaves no data behind, and is no success', async () => {
    const directory = throwawayDirectory();

    const { code, problems } = await stopAt('a customer writes in Slack', ['demo'], { TMPDIR: directory });

    expect({ code, problems }).toEqual({ code: 1, problems: '' });
    expect(readdirSync(directory).filter((name) => name.startsWith('deskbridge-demo'))).toEqual([]);
  }, 180_000);
});
