import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { newDirectory } from './local/sqs/fixture.ts';

const start = fileURLToPath(new URL('../../bin/start.mjs', import.meta.url));

/** A process that takes itself for another Node; one that it starts in turn does not. */
const pretended = (version: string) =>
  `--import=data:text/javascript,${encodeURIComponent(
    `Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`,
  )}`;

/** A checkout with the starter, one program to start and, where wanted, the Node of the lockfile. */
function checkout(program: string, hasOwnNode: boolean): string {
  const root = newDirectory();
  mkdirSync(join(root, 'bin'));
  cpSync(start, join(root, 'bin/start.mjs'));
  writeFileSync(join(root, 'bin/thing.ts'), program);
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  if (!hasOwnNode) return root;
  const system = process.platform === 'win32' ? 'win' : process.platform;
  const folder = join(root, `node_modules/node-${system}-${process.arch}/bin`);
  mkdirSync(folder, { recursive: true });
  symlinkSync(process.execPath, join(folder, 'node'));
  return root;
}

function run(root: string, version: string) {
  const script = join(root, 'bin/start.mjs');
  const child = spawn(process.execPath, [pretended(version), script, 'thing', '7']);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'close').then(([status]) => ({ status, output }));
  return { child, ended };
}

const exits =
  'export function main(args: string[]) { console.log(process.versions.node); process.exit(Number(args[0])); }';

describe('what npm start runs first', () => {
  it('goes on with a Node that is new enough', async () => {
    const { status, output } = await run(checkout(exits, false), '24.0.0').ended;

    expect({ status, output }).toEqual({ status: 7, output: '24.0.0\n' });
  });

  it('starts the Node of the lockfile where its own is older', async () => {
    const { status, output } = await run(checkout(exits, true), '20.19.0').ended;

    expect({ status, output }).toEqual({ status: 7, output: `${process.versions.node}\n` });
  });

  it('says in one sentence what is missing where there is none', async () => {
    const { status, output } = await run(checkout(exits, false), '20.19.0').ended;

    expect(status).toBe(1);
    expect(output).toBe(
      'Node 20.19.0 is too old: install Node 24 or later, since no package brings one for this platform\n',
    );
  });

  it('passes SIGTERM on, so that nothing is left running', async () => {
    const waits =
      "export function main() { process.on('SIGTERM', () => { console.log('ended'); process.exit(0); }); setInterval(() => {}, 1000); console.log('up'); }";
    const { child, ended } = run(checkout(waits, true), '20.19.0');
    await once(child.stdout, 'data');

    child.kill('SIGTERM');

    expect(await ended).toEqual({ status: 0, output: 'up\nended\n' });
  });
});
