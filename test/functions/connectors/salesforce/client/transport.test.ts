import { describe, expect, it } from 'vitest';
import { refusalOf, usageOf } from '../../../../../functions/connectors/salesforce/client/transport.ts';

describe('Salesforce transport: what an answer says', () => {
  it('reads the limit header, and nothing from another one', () => {
    expect(usageOf('api-usage=18/5000')).toEqual({ limit: 'api', used: 18, max: 5_000 });
    expect(usageOf('api-usage=18/5000; per-app-api-usage=17/250(appName=sample)')).toMatchObject({
      used: 18,
    });
    expect(usageOf('nothing of the kind')).toBeUndefined();
    expect(usageOf(null)).toBeUndefined();
  });

  it.each([
    [400, '[{"errorCode":"INVALID_FIELD","message":"no"}]', { errorCode: 'INVALID_FIELD', message: 'no' }],
    [400, '[{"errorCode":"INVALID_FIELD"}]', { errorCode: 'INVALID_FIELD', message: '' }],
    [300, '["/services/data/v67.0/sobjects/Case/1"]', { errorCode: 'MULTIPLE_CHOICES', message: '' }],
    [502, '<html>bad gateway</html>', { errorCode: 'HTTP_502', message: '' }],
    [500, '[]', { errorCode: 'HTTP_500', message: '' }],
    [412, '', { errorCode: 'HTTP_412', message: '' }],
  ])('reads a refusal of %i with body %s', (status, text, expected) => {
    expect(refusalOf(status, text)).toEqual({ status, ...expected });
  });
});
