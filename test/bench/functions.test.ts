import { describe, expect, it } from 'vitest';
import { synthesize } from '../lib/synthesize.ts';
import { IMPORT_ENVIRONMENT } from './functions.ts';

const OF_LAMBDA = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];

describe('the environment in which cold imports are measured', () => {
  it('is what the stack gives its functions, and no more', () => {
    const { templates } = synthesize({ stage: 'prod', context: { issuer: 'https://issuer.test' } });
    const given = templates
      .all('AWS::Lambda::Function')
      .flatMap(({ Properties }) => Object.keys(Properties.Environment.Variables));

    expect(Object.keys(IMPORT_ENVIRONMENT).sort()).toEqual([...new Set([...given, ...OF_LAMBDA])].sort());
  });
});
