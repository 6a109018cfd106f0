import { afterEach, describe, expect, it, vi } from 'vitest';
import config from '../vitest.config.ts';
import { SecretNames, telltale } from './secret-names.ts';

const words = (...parts: string[]): string => parts.join('');

afterEach(() => vi.restoreAllMocks());

describe('titles of tests', () => {
  it('are looked through after every run', () => {
    const reporters = config.test?.reporters as readonly unknown[];

    expect(reporters.some((reporter) => reporter instanceof SecretNames)).toBe(true);
  });

  it('may not hold a token, a key, a JWT or a canary', () => {
    const telling = [
      words('refuses xo', 'xb-1234567890-abcdef'),
      words('reads e', 'yJhbGciOiJIUzI1NiJ9.e', 'yJzdWIiOiIxMjM0In0.x'),
      words('opens -----BEGIN PRIVATE ', 'KEY-----'),
      words('keeps 00D000000000001', '!AQabcdefghijklmnopqrstuvwxyz'),
      words('signs with 8f742231b10e8888', 'abcd99yyyzzz85a5'.replace(/[yz]/g, 'a')),
      words('says canary', '0123456789ab'),
    ];

    expect(telltale(telling)).toEqual(telling);
    expect(telltale(['takes any bytes there and back', 'is token xoxb', 'of 2026-01-01T00:00:00Z'])).toEqual(
      [],
    );
  });

  it('fail the run, and are not printed once more', () => {
    const said = vi.spyOn(console, 'error').mockImplementation(() => {});
    const fullName = words('refuses xo', 'xb-1234567890-abcdef');
    const tests = { allTests: () => [{ fullName }] };
    const before = process.exitCode;

    new SecretNames().onTestRunEnd([{ moduleId: 'a.test.ts', children: tests } as never]);

    expect(process.exitCode).toBe(1);
    process.exitCode = before;
    expect(said.mock.calls.flat().join(' ')).toContain('a.test.ts');
    expect(said.mock.calls.flat().join(' ')).not.toContain(fullName);
  });
});
