import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_LIMITS, readJson } from '../../../shared/http/index.ts';

const read = (text: string) => readJson(Buffer.from(text));

describe('readJson: honest JSON', () => {
  it('reads whatever JSON.stringify writes within the limits', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 10 }), (value) => {
        expect(read(JSON.stringify(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('is not fooled by braces, colons and escaped quotes inside strings', () => {
    const text = `${'[{:'.repeat(500)}\\"\\\\`;

    expect(read(JSON.stringify({ text, '"k"': text }))).toEqual({ text, '"k"': text });
  });

  it('takes exactly the depth, key length and members it allows, in a text of a size to match', () => {
    const { depth, keyBytes, membersPerObject } = JSON_LIMITS;
    const value = 'a plain value of some length';
    const members = Object.fromEntries(
      Array.from({ length: membersPerObject }, (_, at) => [`k${at}`, value]),
    );

    expect(() => read(`${'['.repeat(depth)}"${value.repeat(20)}"${']'.repeat(depth)}`)).not.toThrow();
    expect(() => read(JSON.stringify({ ['k'.repeat(keyBytes)]: 1 }))).not.toThrow();
    const many = Array.from({ length: 2 * membersPerObject }, (_, at) => ({
      [`k${at % membersPerObject}`]: value,
    }));
    expect(() => read(JSON.stringify([members, members]))).not.toThrow();
    expect(() => read(JSON.stringify(many))).not.toThrow();
  });
});

describe('readJson: hostile JSON', () => {
  const { depth, keyBytes, membersPerObject, containers, distinctKeys } = JSON_LIMITS;
  const members = Object.fromEntries(Array.from({ length: membersPerObject + 1 }, (_, at) => [`k${at}`, at]));

  it.each([
    ['deep arrays', '['.repeat(depth + 1) + ']'.repeat(depth + 1)],
    ['deep objects', '{"a":'.repeat(depth + 1)],
    ['a huge key', JSON.stringify({ ['k'.repeat(keyBytes + 1)]: 1 })],
    ['many members', JSON.stringify(members)],
    [
      'many different keys',
      JSON.stringify(Array.from({ length: distinctKeys + 1 }, (_, at) => ({ [`key${at}`]: at }))),
    ],
    ['a small text that is all structure', JSON.stringify(Array.from({ length: 500 }, () => ({})))],
    [
      'a small text of nothing but new shapes',
      JSON.stringify(Array.from({ length: 500 }, (_, at) => ({ [`k${at}`]: 1 }))),
    ],
    ['many containers', JSON.stringify(Array.from({ length: containers }, () => []))],
    ['nothing', ''],
    ['half of it', '{"a":'],
    ['an open string', '{"a":"b'],
    ['an open escape', '"\\'],
    ['words', 'hello'],
  ])('refuses %s', (_, text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('refuses what is not UTF-8', () => {
    expect(() => readJson(Buffer.from([0x22, 0xff, 0x22]))).toThrow(
      expect.objectContaining({ code: 'invalid_input' }),
    );
  });

  it('never quotes the input in its error', () => {
    try {
      read('{"token": canary}');
      expect.unreachable();
    } catch (error) {
      expect(`${error} ${(error as Error).cause}`).not.toContain('canary');
    }
  });
});
