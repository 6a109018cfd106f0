import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleStep } from '../../../bin/build/bundle.ts';
import { runStep } from '../../../bin/build/step.ts';
import { projectOf } from './place.ts';

const functions = [
  { name: 'first', entry: 'functions/first.ts' },
  { name: 'second', entry: 'functions/second.ts' },
];
const FILES = {
  'functions/first.ts': `
    import { fetch, Agent, ProxyAgent, Response, errors } from 'undici';
    import { word } from '../shared/word.ts';
    export const handler = async () => {
      new Agent();
      const proxied = (() => { try { new ProxyAgent(); return 'made'; } catch { return 'refused'; } })();
      const same = fetch === globalThis.fetch && Response === globalThis.Response && new errors.SocketError() instanceof Error;
      return [word, proxied, same, typeof require('node:path').join];
    };`,
  'functions/second.ts': `import { word } from '../shared/word.ts'; export const handler = async () => word;`,
  'shared/word.ts': `export const word: string = 'word';`,
};

const load = async (outDir: string, name: string) =>
  import(pathToFileURL(join(outDir, name, 'index.mjs')).href) as Promise<{ handler(): Promise<unknown> }>;

describe('bundles', () => {
  it('are one file a function, complete, with undici over Node’s own fetch', async () => {
    const project = projectOf(FILES);

    const { result } = await runStep(project, bundleStep(project, functions));

    const { handler } = await load(project.outDir, 'first');
    expect(await handler()).toEqual(['word', 'refused', true, 'function']);
    expect(await (await load(project.outDir, 'second')).handler()).toBe('word');
    expect(result).toEqual({
      first: readFileSync(join(project.outDir, 'first/index.mjs')).byteLength,
      second: readFileSync(join(project.outDir, 'second/index.mjs')).byteLength,
    });
  });

  it('have the thread for expressions beside them where they may start it, and nowhere else', async () => {
    const project = projectOf({
      'functions/asks.ts': `import { ask } from '../shared/mapping/expressions/evaluate.ts'; export const handler = async () => ask;`,
      'functions/plain.ts': `export const handler = async () => 'plain';`,
      'shared/mapping/expressions/evaluate.ts': `export const ask = import.meta.url;`,
      'shared/mapping/expressions/isolate.ts': `import { rule } from './rule.ts'; export const answer = rule;`,
      'shared/mapping/expressions/rule.ts': `export const rule = 42;`,
    });
    const both = ['asks', 'plain'].map((name) => ({ name, entry: `functions/${name}.ts` }));

    const { result } = await runStep(project, bundleStep(project, both));

    const beside = (name: string) => pathToFileURL(join(project.outDir, name, 'isolate.mjs')).href;
    expect(await import(beside('asks'))).toMatchObject({ answer: 42 });
    await expect(import(beside('plain'))).rejects.toThrow();
    expect(Object.keys(result)).toEqual(['asks', 'plain']);
  });

  it('say so when a part of jsforce is called that they do without', async () => {
    const project = projectOf({
      'functions/parts.ts': `
        import FormData from 'form-data';
        import xml from 'xml2js';
        import { Parser } from 'csv-parse';
        import { parse } from 'csv-parse/sync';
        import { stringify } from 'csv-stringify';
        const calls = [() => new FormData(), () => xml.parseStringPromise(''), () => new Parser(), () => parse(''), () => stringify()];
        export const handler = async () =>
          calls.map((call) => { try { call(); return 'called'; } catch (error) { return error.message; } });`,
    });

    await runStep(project, bundleStep(project, [{ name: 'parts', entry: 'functions/parts.ts' }]));

    const { handler } = await load(project.outDir, 'parts');
    const refusals = (await handler()) as string[];
    expect(refusals).toHaveLength(5);
    for (const refusal of refusals) expect(refusal).toMatch(/not in this bundle, expected JSON bodies only/);
  });

  it('are built again when a file they are made from changes, and not otherwise', async () => {
    const project = projectOf(FILES);
    await runStep(project, bundleStep(project, functions));

    expect((await runStep(project, bundleStep(project, functions))).isFresh).toBe(false);
    project.write('shared/word.ts', `export const word: string = 'other';`);
    expect((await runStep(project, bundleStep(project, functions))).isFresh).toBe(true);
    expect(readFileSync(join(project.outDir, 'second/index.mjs'), 'utf8')).toContain('other');
  });

  it('are built again when a function comes or goes', async () => {
    const project = projectOf(FILES);
    await runStep(project, bundleStep(project, functions.slice(0, 1)));

    expect((await runStep(project, bundleStep(project, functions))).isFresh).toBe(true);
  });
});
