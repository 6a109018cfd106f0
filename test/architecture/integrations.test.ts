import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { adapters } from '../../functions/adapters.ts';
import { catalog } from '../../functions/catalog.ts';
import { mappings } from '../../functions/mappings.ts';
import { functionsOf, integrationFolder } from '../../lib/functions.ts';
import type { Manifest } from '../../shared/ports/index.ts';
import { files, importsOf, ROOT, textOf } from './sources.ts';

/** STYLE, One integration, always this shape; and the port's `authorization`, and `ids`: one spelling for each. */
const NOUNS = ['adapter', 'client', 'authenticity', 'authorization', 'mapping', 'wire', 'ids', 'errors'];
const ALWAYS = ['README.md', 'manifest.ts', 'worker.ts', 'adapter.ts', 'mapping.ts'];

/** Vendors who publish a client of their own for Node: what it can say, nobody here says by hand. */
const CLIENTS: Readonly<Record<string, string>> = { slack: '@slack/web-api', salesforce: 'jsforce' };

const inFolder = (folder: string) =>
  files.filter((path) => path.startsWith(`${folder}/`)).map((path) => path.slice(folder.length + 1));
const required = (manifest: Manifest): string[] => [
  ...ALWAYS,
  ...Object.values(functionsOf(manifest)).map(({ entry }) => entry.split('/').at(-1) as string),
  ...(manifest.webhook ? ['authenticity.ts'] : []),
  ...(manifest.partnerEvents ? ['relay.ts'] : []),
];
const isOfShape = (manifest: Manifest) => (path: string) => {
  const [first = '', ...rest] = path.split('/');
  // What ships into the vendor's own system has the vendor's own shape.
  if (first === 'package') return rest.length > 0;
  if (rest.length > 0) return NOUNS.includes(first);
  return required(manifest).includes(first) || NOUNS.includes(first.replace(/\.ts$/, ''));
};

describe('the catalog', () => {
  it('names every integration there is a folder for, and no other', () => {
    const folders = ['channels', 'connectors'].flatMap((kind) =>
      readdirSync(join(ROOT, 'functions', kind)).map((id) => `functions/${kind}/${id}`),
    );

    expect(catalog.map(integrationFolder).sort()).toEqual(folders.sort());
  });

  it('has every integration’s mapping in the list of mappings', () => {
    const listed = importsOf('functions/mappings.ts').map(({ to }) => to);

    for (const manifest of catalog) expect(listed).toContain(`${integrationFolder(manifest)}/mapping.ts`);
  });

  it('has every integration’s adapter in the list of adapters, under its own manifest', () => {
    const listed = importsOf('functions/adapters.ts').map(({ to }) => to);

    for (const manifest of catalog) {
      expect(listed).toContain(`${integrationFolder(manifest)}/adapter.ts`);
    }
    expect(adapters.map(({ manifest }) => manifest)).toEqual(catalog);
    expect(Object.keys(mappings)).toEqual(catalog.map(({ id }) => id));
  });
});

describe.each(catalog.map((manifest) => [manifest.id, manifest] as const))(
  'the folder of %s',
  (_, manifest) => {
    const own = inFolder(integrationFolder(manifest));

    it('has a file for everything the manifest declares', () => {
      expect(required(manifest).filter((name) => !own.includes(name))).toEqual([]);
    });

    it('has no entry the manifest does not declare', () => {
      const entries = ['inbound.ts', 'worker.ts', 'poll.ts', 'backfill.ts'].filter((name) =>
        own.includes(name),
      );

      expect(entries.filter((name) => !required(manifest).includes(name))).toEqual([]);
    });

    it('has the names every integration has', () => {
      expect(own.filter((path) => !isOfShape(manifest)(path))).toEqual([]);
    });

    it('is mirrored by tests and has a sandbox', () => {
      const tests = inFolder(`test/${integrationFolder(manifest)}`);
      const expected = ['mapping', ...(manifest.webhook ? ['authenticity'] : [])];
      const isTested = (noun: string) =>
        tests.some(
          (path) => path === `${noun}.test.ts` || (path.startsWith(`${noun}/`) && path.endsWith('.test.ts')),
        );

      expect(expected.filter((noun) => !isTested(noun))).toEqual([]);
      expect(inFolder(`test/sandboxes/${manifest.id}`)).toContain('index.ts');
    });

    it('calls out through its vendor’s own client only', () => {
      const folder = integrationFolder(manifest);
      const callers = own
        .filter((path) => path.endsWith('.ts') && /\bfetch\(/.test(textOf(`${folder}/${path}`)))
        .filter((path) => !importsOf(`${folder}/${path}`).some(({ to }) => to === CLIENTS[manifest.id]));

      expect(manifest.id in CLIENTS ? callers : []).toEqual([]);
    });

    it('names its webhook’s verifier', () => {
      if (manifest.webhook) expect(manifest.webhook.verifier).toMatch(/^verify[A-Z]\w+$/);
      expect(manifest.webhook === undefined || own.includes('authenticity.ts')).toBe(true);
    });
  },
);
