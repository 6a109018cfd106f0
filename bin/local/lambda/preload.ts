// Runs inside a sandbox, before AWS's runtime client: gives it our small client in place of its native one,
// whose build needs a compiler and a minute at install.
import { registerHooks } from 'node:module';

// Both are loaded with their types stripped, as .mjs.
const clientUrl = new URL('./rapid-client.mjs', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier.endsWith('rapid-client.node')
      ? { url: clientUrl, format: 'module', shortCircuit: true }
      : next(specifier, context),
});

// The hub holds the other end: when it is gone, however it went, so are we.
process.on('disconnect', () => process.exit(0));
