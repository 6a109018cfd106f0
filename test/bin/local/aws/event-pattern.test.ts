import { describe, expect, it } from 'vitest';
import { matchesPattern } from '../../../../bin/local/aws/event-pattern.ts';
import { ConfigurationError } from '../../../../shared/errors.ts';

const event = {
  source: 'aws.partner/salesforce.com/00D1/desk',
  account: '000000000000',
  detail: { state: 'open', amount: 12, tags: ['a', 'b'], gone: null, nested: [{ id: 1 }, { id: 2 }] },
};

describe('an event pattern', () => {
  it.each([
    [{ account: ['000000000000'] }],
    [{ detail: { state: ['closed', 'open'], tags: ['b'] } }],
    [{ source: [{ prefix: 'aws.partner/salesforce.com' }] }],
    [{ source: [{ prefix: { 'equals-ignore-case': 'AWS.Partner' } }] }],
    [{ source: [{ suffix: '/desk' }] }],
    [{ source: [{ suffix: { 'equals-ignore-case': '/DESK' } }] }],
    [{ source: [{ wildcard: 'aws.partner/*/desk' }] }],
    [{ detail: { state: [{ 'equals-ignore-case': 'OPEN' }] } }],
    [{ detail: { state: [{ 'anything-but': ['closed'] }] } }],
    [{ detail: { state: [{ 'anything-but': { prefix: 'clo' } }] } }],
    [{ detail: { amount: [{ numeric: ['>', 10, '<=', 12] }] } }],
    [{ detail: { amount: [{ numeric: ['=', 12] }] } }],
    [{ detail: { missing: [{ exists: false }], state: [{ exists: true }] } }],
    [{ detail: { gone: [null] } }],
    [{ detail: { nested: { id: [2] } } }],
    [{ $or: [{ account: ['1'] }, { detail: { state: ['open'] } }] }],
  ])('takes in %j', (pattern) => {
    expect(matchesPattern(pattern, event)).toBe(true);
  });

  it.each([
    [{ account: ['1'] }],
    [{ account: [0] }],
    [{ missing: ['x'] }],
    [{ detail: { state: { deeper: ['x'] } } }],
    [{ detail: { state: [{ exists: false }] } }],
    [{ detail: { missing: [{ 'anything-but': 'x' }] } }],
    [{ detail: { state: [{ 'anything-but': 'open' }] } }],
    [{ detail: { amount: [{ prefix: '1' }] } }],
    [{ detail: { amount: [{ numeric: ['<', 12, '>=', 0] }] } }],
    [{ detail: { amount: [{ numeric: ['near', 12] }] } }],
    [{ detail: { state: [{ numeric: ['=', 12] }] } }],
    [{ detail: { nested: { id: [3] } } }],
  ])('leaves out by %j', (pattern) => {
    expect(matchesPattern(pattern, event)).toBe(false);
  });

  it('says which operator it does not know', () => {
    expect(() => matchesPattern({ account: [{ cidr: '10.0.0.0/8' }] }, event)).toThrow(ConfigurationError);
    expect(() => matchesPattern(['x'], event)).toThrow(ConfigurationError);
  });
});
