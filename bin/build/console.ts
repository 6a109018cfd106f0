import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { platformFunctions } from '../../lib/functions.ts';
import { filesUnder, replaceFolder } from './files.ts';
import type { Place, Step } from './step.ts';

/** The console's own app; it knows nothing of the hub's code and is built by its own settings. */
const APP = 'functions/platform/console/app';

/** Lays the built app beside the console function's bundle, in the same asset. */
export async function consoleStep({ root, outDir }: Place): Promise<Step<null>> {
  const files = await filesUnder(root, APP);
  const built = join(outDir, platformFunctions.console.name, 'app');
  return {
    name: 'console',
    request: files,
    isWhole: () => existsSync(join(built, 'index.html')),
    run: async () => {
      const { build } = await import('vite');
      await replaceFolder(built, async (draft) => {
        await build({
          configFile: join(root, APP, 'vite.config.ts'),
          root: join(root, APP),
          logLevel: 'error',
          build: { outDir: draft, emptyOutDir: true },
        });
      });
      return { inputs: files, result: null };
    },
  };
}
