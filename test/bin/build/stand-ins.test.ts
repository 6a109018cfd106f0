import { describe, expect, it } from 'vitest';
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
