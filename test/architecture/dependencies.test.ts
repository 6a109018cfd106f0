import { describe, expect, it } from 'vitest';
import { cycleIn, edgesOf, objection } from './rules.ts';
import { files, type Import, imports, importsOf } from './sources.ts';

const importing = (from: string, to: string, more: Partial<Import> = {}): Import => ({
  from,
  to,
  isOurs: true,
  isType: false,
  ...more,
});
const SLACK = 'functions/channels/slack';
const SALESFORCE = 'functions/connectors/salesforce';

describe('dependency direction', () => {
  it('is that of the table, in every file', () => {
    expect(imports.map(objection).filter((sentence) => sentence !== undefined)).toEqual([]);
  });

  it.each([
    ['shared to functions', 'shared/sync/run.ts', `${SLACK}/mapping.ts`],
    ['domain to ports', 'shared/domain/record.ts', 'shared/ports/store.ts'],
    ['ports to the engine', 'shared/ports/engine.ts', 'shared/sync/index.ts'],
    ['a shared folder into another’s inside', 'shared/sync/run.ts', 'shared/telemetry/log.ts'],
    ['a provider to another', `${SLACK}/mapping.ts`, `${SALESFORCE}/mapping.ts`],
    ['an integration’s file to AWS', `${SLACK}/adapter.ts`, 'shared/adapters/aws/store.ts'],
    ['a platform part to AWS', 'functions/platform/api/api.ts', 'shared/adapters/aws/store.ts'],
    ['a platform part to a provider', 'functions/platform/api/api.ts', `${SLACK}/mapping.ts`],
    ['runtime code to lib', `${SLACK}/worker.ts`, 'lib/stage.ts'],
    ['the catalog to runtime code', 'functions/catalog.ts', `${SLACK}/mapping.ts`],
    ['lib to runtime code', 'lib/hub.ts', 'shared/errors.ts'],
    ['lib to a mapping', 'lib/hub.ts', `${SLACK}/mapping.ts`],
    ['the console app to the hub', 'functions/platform/console/app/main.tsx', 'shared/domain/index.ts'],
    [
      'the console’s function to its app',
      'functions/platform/console/site.ts',
      'functions/platform/console/app/main.tsx',
    ],
    ['the deployable part to tests', 'bin/build.ts', 'test/sandboxes/slack/index.ts'],
    [
      'a sandbox to the hub, of which it must know nothing',
      'test/sandboxes/slack/index.ts',
      `${SLACK}/wire.ts`,
    ],
    ['a file outside the tree', 'scripts/x.ts', 'shared/errors.ts'],
  ])('forbids %s', (_, from, to) => {
    expect(objection(importing(from, to))).toContain(from);
  });

  it.each([
    ['a shared folder to another’s index', 'shared/sync/run.ts', 'shared/telemetry/index.ts'],
    ['an entry to AWS', `${SLACK}/worker.ts`, 'shared/adapters/aws/worker.ts'],
    ['lib to metric names', 'lib/hub.ts', 'shared/telemetry/names.ts'],
    ['the local hub to sandboxes', 'bin/local/hub.ts', 'test/sandboxes/slack/index.ts'],
  ])('allows %s', (_, from, to) => {
    expect(objection(importing(from, to))).toBeUndefined();
  });

  it.each([
    ['@aws-sdk/client-sqs', 'shared/sync/run.ts'],
    ['aws-cdk-lib', 'shared/adapters/aws/store.ts'],
    ['jsforce', `${SLACK}/client.ts`],
    ['@slack/web-api', 'shared/http/receive.ts'],
    ['preact', 'functions/platform/api/api.ts'],
  ])('keeps %s out of %s', (to, from) => {
    expect(objection(importing(from, to, { isOurs: false }))).toContain(to);
  });
});

describe('imports', () => {
  it('are found however they are written', () => {
    const text = `
      import type { A } from './a.ts';
      import { type B, b } from '../b.ts';
      import './c.ts';
      export * from './d.ts';
      export type { E } from './e.ts';
      const f = () => import('./f.ts');
      type G = import('./g.ts').G;
      import z from 'zod/mini';
      import { readFile } from 'node:fs';`;

    const found = importsOf('shared/x/y.ts', text).map(({ to, isType }) => `${to}${isType ? ' type' : ''}`);

    expect(found.sort()).toEqual([
      'node:fs',
      'shared/b.ts',
      'shared/x/a.ts type',
      'shared/x/c.ts',
      'shared/x/d.ts',
      'shared/x/e.ts type',
      'shared/x/f.ts',
      'shared/x/g.ts type',
      'zod',
    ]);
  });

  it('of our own files name a file that is there, suffix included', () => {
    const known = new Set(files);
    const broken = imports.filter(({ isOurs, to }) => isOurs && !known.has(to.replace(/\?.*$/, '')));

    expect(broken.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
  });

  it('make no cycle of files', () => {
    const loaded = imports.filter(({ isOurs, isType }) => isOurs && !isType);

    expect(cycleIn(edgesOf(loaded, (path) => path))).toBeUndefined();
  });

  it('make no cycle of shared folders, types included', () => {
    const folder = (path: string) => /^shared\/(?:adapters\/)?[^/]+(?=\/)/.exec(path)?.[0];

    expect(cycleIn(edgesOf(imports, folder))).toBeUndefined();
  });

  it('that do make one are told as a path', () => {
    const edges = edgesOf([importing('a', 'b'), importing('b', 'c'), importing('c', 'b')], (path) => path);

    expect(cycleIn(edges)).toEqual(['b', 'c', 'b']);
  });
});
