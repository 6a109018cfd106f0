import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { LocalDescription } from '../../bin/local/demo/description.ts';
import { throwawayDirectory } from './hub.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
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

describe('npm start', () => {
  /** As a person types it; `processId` is the hub's own, which a shell and npm stand before. */
  async function npmStart() {
    const directory = throwawayDirectory();
    const env = { ...process.env, DESKBRIDGE_DATA: directory, DESKBRIDGE_STORY: 'no', PORT: '0' };
    const npm = spawn('npm', ['start'], { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
    let told = '';
    npm.stdout.on('data', (chunk: Buffer) => {
      told += chunk;
    });
    await expect.poll(() => told, { timeout: 120_000 }).toContain('Deskbridge is ready: ');
    const { processId } = JSON.parse(readFileSync(join(directory, 'local.json'), 'utf8')) as LocalDescription;
    return { npm, processId };
  }

  it('ends with the hub when npm is told to, and the hub has ended when npm has', async () => {
    const { npm, processId } = await npmStart();
    const ended = once(npm, 'exit');

    npm.kill('SIGTERM');

    expect(await ended).toEqual([0, null]);
    expect(isAlive(processId)).toBe(false);
  }, 180_000);

  it('leaves no hub behind when npm is killed', async () => {
    const { npm, processId } = await npmStart();

    npm.kill('SIGKILL');

    await expect.poll(() => isAlive(processId), { timeout: 30_000 }).toBe(false);
  }, 180_000);
});

function isAlive(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch {
    return false;
  }
}
