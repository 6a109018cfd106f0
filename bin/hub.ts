import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { catalog } from '../functions/catalog.ts';
import type { BundleOf } from '../lib/constructs/deployment.ts';
import { buildHub } from '../lib/hub.ts';
import { stageOf } from '../lib/stage.ts';
import { configured } from '../shared/config/index.ts';
import { ConfigurationError } from '../shared/errors.ts';
import type { Manifest } from '../shared/ports/index.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

export interface AppOptions {
  readonly stage?: string;
  readonly outdir?: string;
  /** Where the bundles are; `.build` unless told. */
  readonly buildDir?: string;
  readonly bundleOf?: BundleOf;
  readonly catalog?: readonly Manifest[];
  readonly context?: Readonly<Record<string, unknown>>;
  /** By CloudFormation's own schemas and the AwsSolutions rules; the local hub starts sooner without them. */
  readonly isChecked?: boolean;
}

const builtIn =
  (buildDir: string): BundleOf =>
  ({ name }) => {
    const folder = join(buildDir, name);
    if (existsSync(join(folder, 'index.mjs'))) return folder;
    throw new ConfigurationError(
      `no bundle of ${name} in ${buildDir}, expected "node bin/build.ts" to have made it`,
    );
  };

/** The whole app, ready for `synth()`; needs no account and no credentials. */
export function buildApp(options: AppOptions = {}): App {
  const settings = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')) as { context: object };
  const app = new App({
    context: { ...settings.context, ...options.context, ...(options.stage && { stage: options.stage }) },
    ...(options.outdir && { outdir: options.outdir }),
    analyticsReporting: false,
    builtinCloudFormationValidation: options.isChecked ?? false,
  });
  const stage = stageOf((key) => app.node.tryGetContext(key));
  buildHub(app, {
    stage,
    catalog: (options.catalog ?? catalog).map((manifest) => configured(manifest, stage.settings)),
    bundleOf: options.bundleOf ?? builtIn(options.buildDir ?? join(ROOT, '.build')),
  });
  if (options.isChecked) Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  return app;
}

if (import.meta.main) buildApp({ isChecked: true }).synth();
