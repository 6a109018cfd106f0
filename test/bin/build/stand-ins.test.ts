import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import is from '@sindresorhus/is';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';
import bodyTypes from '../../../bin/build/body-types.ts';
import { BUNDLE_SETTINGS } from '../../../bin/build/bundle.ts';
import {
  EndpointCache,
  eventStreamSerdeProvider,
  resolveEventStreamSerdeConfig,
} from '../../../bin/build/sdk.ts';
import { Agent, errors, fetch, ProxyAgent, Response } from '../../../bin/build/undici.ts';
import Unused, { Parser, parse, stringify } from '../../../bin/build/unused.ts';

describe('what stands in for undici', () => {
  it('is Node’s own fetch, with what jsforce makes at import', () => {
    expect(fetch).toBe(globalThis.fetch);
    expect(new Response('body')).toBeInstanceOf(globalThis.Response);
    expect(new Agent()).toBeDefined();
    expect(new errors.SocketError('cut')).toBeInstanceOf(Error);
  });

  it('offers no proxy', () => {
    expect(() => new ProxyAgent()).toThrow(/expected none/);
  });
});

describe('what stands in for the parts of jsforce nobody asks for', () => {
  it.each([
    ['a multipart body', () => new Unused()],
    ['XML', () => Unused.parseStringPromise()],
    ['CSV in', () => new Parser()],
    ['CSV in, at once', () => parse()],
    ['CSV out', () => stringify()],
  ])('refuses %s', (_, call) => {
    expect(call).toThrow(/expected JSON bodies only/);
  });
});

describe('what stands in for the types jsforce asks a body for', () => {
  it('tells them as the package does', async () => {
    const packages = is as unknown as typeof bodyTypes;
    const read = Readable.from(['x']);
    await read.toArray();
    const bodies = ['x', '', Buffer.from('x'), new URLSearchParams('a=1'), Readable.from(['x']), read];

    for (const body of [...bodies, () => 'x', {}, null, undefined, 1, new Uint8Array(1)]) {
      for (const name of Object.keys(bodyTypes) as (keyof typeof bodyTypes)[]) {
        expect([name, bodyTypes[name](body)]).toEqual([name, packages[name](body)]);
      }
    }
  });
});

describe('what stands in for the parts of the AWS SDK nobody asks for', () => {
  it('knows no other endpoint of a table', () => {
    expect([new EndpointCache().has(), new EndpointCache().get()]).toEqual([false, undefined]);
  });

  it('lets a client that could read event streams be made', () => {
    const config = { region: 'eu-central-1', eventStreamSerdeProvider };

    expect(resolveEventStreamSerdeConfig(config)).toBe(config);
  });

  it('refuses an event stream', () => {
    expect(() => eventStreamSerdeProvider()).toThrow(/expected plain calls only/);
  });
});

const place = mkdtempSync(join(tmpdir(), 'deskbridge-stand-ins-'));
afterAll(() => rmSync(place, { recursive: true }));

describe('what stands in for the names HTML has for characters', () => {
  it('leaves the Markdown converter what it needs of them', async () => {
    const { metafile: _, write: __, outExtension: ___, ...settings } = BUNDLE_SETTINGS;
    const outfile = join(place, 'text.mjs');
    await build({ ...settings, entryPoints: ['functions/channels/slack/mapping/text.ts'], outfile });
    const { toMrkdwn } = (await import(pathToFileURL(outfile).href)) as {
      toMrkdwn(markdown: string): string;
    };

    expect(toMrkdwn('**a** &lt;b&gt; &copy;')).toBe('\u200B*a*\u200B &amp;lt;b&amp;gt; &amp;copy;');
    expect(toMrkdwn('[x](https://x.example/?a=1&amp;b=2)')).toBe('<https://x.example/?a=1&amp;b=2|x>');
    expect(toMrkdwn('[x](https://x.example/?a=1&b=2)')).toBe('<https://x.example/?a=1&amp;b=2|x>');
    expect(toMrkdwn('[x](https://x.example/?a=1&copy;=2)')).toBe('<https://x.example/?a=1&amp;copy;=2|x>');
  });
});
