// Runs `bin/<name>.ts` on Node 24. Plain JavaScript: an older Node, which cannot read TypeScript, must get this far.
// `npm start` says `exec`, so that a signal to npm reaches it and not a shell that would die alone; where the shell
// has no `exec` (Windows), what stands after `||` runs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const oldest = 24;
const [name = 'local', ...args] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) >= oldest) {
  const { main } = await import(`./${name}.ts`);
  await main(args);
} else {
  rerun();
}

/** With the Node that the lockfile brought, which ends as this process is told to and gives its status. */
function rerun() {
  const isWindows = process.platform === 'win32';
  const folder = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
  const file = isWindows ? 'node.exe' : 'node';
  const own = fileURLToPath(new URL(`../node_modules/${folder}/bin/${file}`, import.meta.url));
  if (!existsSync(own)) {
    console.error(
      `Node ${process.versions.node} is too old: install Node ${oldest} or later, since no package brings one for this platform`,
    );
    process.exitCode = 1;
    return;
  }
  const child = spawn(own, [fileURLToPath(import.meta.url), name, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code) => {
    process.exitCode = code ?? 1;
  });
}
