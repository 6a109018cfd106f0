import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from 'vitest';
import { checkUrl, guardedLookup, isPublicAddress } from '../../../shared/connections/index.ts';

const policy = { allowedHosts: ['slack.com', '*.salesforce.com'], isLocal: false };
const local = { ...policy, isLocal: true };

describe('egress: where a call may go', () => {
  it.each([
    'https://slack.com/api/chat.postMessage',
    'https://SLACK.com:443/',
    'https://acme.my.salesforce.com/services',
  ])('takes %s', (url) => {
    expect(checkUrl(url, policy).href).toBe(new URL(url).href);
  });

  it.each([
    ['http://slack.com/', 'protocol'],
    ['ftp://slack.com/', 'protocol'],
    ['https://slack.com:8443/', 'port'],
    ['https://a:b@slack.com/', 'user info'],
    ['https://slack.com.evil.example/', 'host'],
    ['https://evilslack.com/', 'host'],
    ['https://salesforce.com/', 'host'],
    ['https://.salesforce.com/', 'host'],
    ['https://evilsalesforce.com/', 'host'],
    ['https://127.0.0.1/', 'host'],
    ['https://2130706433/', 'host'],
    ['https://0x7f.1/', 'host'],
    ['https://[::1]/', 'host'],
    ['https://169.254.169.254/latest/meta-data', 'host'],
    ['https://localhost/', 'host'],
    ['slack.com', 'url'],
  ])('refuses %s for its %s', (url, rule) => {
    expect(() => checkUrl(url, policy)).toThrow(
      expect.objectContaining({ code: 'invalid_input', message: expect.stringContaining(rule) }),
    );
  });

  it('lets the local hub call its sandboxes, and nothing that is no url', () => {
    expect(checkUrl('http://127.0.0.1:4000/api', local).port).toBe('4000');
    expect(() => checkUrl('nonsense', local)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});

describe('egress: addresses', () => {
  it.each(['3.5.7.9', '52.94.5.1', '2600:1f18::1', '2a00:1450:4001::200e'])('%s is public', (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });

  it.each([
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '127.0.0.1',
    '169.254.169.254',
    '172.16.0.1',
    '192.0.0.8',
    '192.0.2.1',
    '192.168.1.1',
    '198.18.0.1',
    '198.51.100.1',
    '203.0.113.1',
    '224.0.0.1',
    '240.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::127.0.0.1',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::1',
    'fc00::1',
    'fd00:ec2::254',
    'fe80::1',
    'ff02::1',
    '2001:db8::1',
    '2002:7f00:1::',
    'localhost',
    '',
  ])('%s is not', (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
});

describe('egress: at the socket', () => {
  const looking = (addresses: string[], error: NodeJS.ErrnoException | null = null) => {
    const found: LookupAddress[] = addresses.map((address) => ({
      address,
      family: address.includes(':') ? 6 : 4,
    }));
    return guardedLookup((_host, _options, callback) => callback(error, found));
  };
  const ask = (addresses: string[], all: boolean, error: NodeJS.ErrnoException | null = null) =>
    new Promise((resolve, reject) => {
      looking(addresses, error)('slack.com', { all }, (failure, answer) => {
        if (failure) reject(failure);
        else resolve(answer);
      });
    });

  it('hands over the addresses it has checked', async () => {
    expect(await ask(['3.5.7.9', '3.5.7.10'], false)).toBe('3.5.7.9');
    expect(await ask(['3.5.7.9'], true)).toEqual([{ address: '3.5.7.9', family: 4 }]);
  });

  it.each([[['127.0.0.1']], [['3.5.7.9', '10.0.0.1']], [['3.5.7.9', '::1']], [[]]])(
    'refuses a name that resolves to %j, all of it',
    async (addresses) => {
      await expect(ask(addresses, true)).rejects.toMatchObject({ code: 'invalid_input' });
      await expect(ask(addresses, false)).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  it('passes on that a name does not resolve', async () => {
    const error = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });

    await expect(ask([], true, error)).rejects.toBe(error);
  });
});
