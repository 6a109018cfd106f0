import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError } from '../../../shared/errors.ts';

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly Condition?: string;
}

export interface Template {
  readonly Resources?: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<
    Record<string, { readonly Value: unknown; readonly Export?: { readonly Name: unknown } }>
  >;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown; readonly Type: string }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Holds `asset.<hash>/` for each bundle the template names by S3 key. */
  readonly assetsDir: string;
}

interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
}

/** Reads every stack of a synthesized cloud assembly, nested assemblies included. */
export function readAssembly(directory: string): Stack[] {
  const path = join(directory, 'manifest.json');
  if (!existsSync(path)) {
    throw new ConfigurationError(`no cloud assembly in ${directory}: manifest.json is missing`);
  }
  const manifest = readJson<{ artifacts?: Record<string, Artifact> }>(path);
  return Object.entries(manifest.artifacts ?? {}).flatMap(([id, artifact]) => {
    if (artifact.type === 'cdk:cloud-assembly') {
      return readAssembly(join(directory, artifact.properties?.directoryName ?? ''));
    }
    if (artifact.type !== 'aws:cloudformation:stack') return [];
    const template = readJson<Template>(join(directory, artifact.properties?.templateFile ?? ''));
    return [{ name: artifact.properties?.stackName ?? id, template, assetsDir: directory }];
  });
}

function readJson<Content>(path: string): Content {
  return JSON.parse(readFileSync(path, 'utf8')) as Content;
}
