import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** The console's own app; it knows nothing of the hub's code and is built by its own settings. */
export const CONSOLE_APP = 'functions/platform/console/app';

/** Lays the built app beside the console function's bundle, in the same asset. */
export async function buildConsole(root: string, outDir: string): Promise<void> {
  const configFile = join(root, CONSOLE_APP, 'vite.config.ts');
  if (!existsSync(configFile)) return;
  const { build } = await import('vite');
  await build({
    configFile,
    root: join(root, CONSOLE_APP),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
}
