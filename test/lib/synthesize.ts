import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type App, CfnElement, Stack, Validations } from 'aws-cdk-lib';
import { type AppOptions, buildApp } from '../../bin/hub.ts';
import { type Resource, Templates } from './templates.ts';

const folder = mkdtempSync(join(tmpdir(), 'deskbridge-synth-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** The stack's intent does not depend on what the functions contain: each gets an empty handler. */
export function emptyBundle({ name }: { readonly name: string }): string {
  const bundle = join(folder, name);
  mkdirSync(bundle, { recursive: true });
  writeFileSync(join(bundle, 'index.mjs'), `export const handler = async () => '${name}';\n`);
  return bundle;
}

/** Resource → findings accepted on it or above it, as `finding: reason`. */
function acceptedFindings(app: App): ReadonlyMap<string, readonly string[]> {
  const elements = app.node.findAll().filter((node) => CfnElement.isCfnElement(node));
  return new Map(
    elements.map((element) => [
      `${Stack.of(element).node.id}/${Stack.of(element).resolve(element.logicalId)}`,
      element.node.scopes
        .flatMap(({ node }) => node.metadata)
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .map(({ data }) => JSON.stringify(data)),
    ]),
  );
}

export const synthesize = (options: AppOptions = {}) => {
  const outdir = options.outdir ?? mkdtempSync(join(folder, 'out-'));
  const context = options.context ?? { issuer: 'https://issuer.test' };
  const app = buildApp({ bundleOf: emptyBundle, ...options, context, outdir });
  const assembly = app.synth();
  return {
    assembly,
    accepted: acceptedFindings(app),
    templates: new Templates(
      assembly.stacks.map(({ id, stackName, template }) => ({
        id,
        stackName,
        resources: template.Resources as Record<string, Resource>,
        outputs: (template.Outputs ?? {}) as Record<string, { Value: unknown; Export?: unknown }>,
      })),
    ),
  };
};
