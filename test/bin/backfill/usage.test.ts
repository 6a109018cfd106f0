import { describe, expect, it } from 'vitest';
import { USAGE } from '../../../bin/backfill/usage.ts';
import { RECORD_KINDS } from '../../../shared/domain/index.ts';

describe('npm run backfill -- --help', () => {
  it.each(RECORD_KINDS)('names %s among what can be asked for', (kind) => {
    expect(USAGE).toMatch(new RegExp(`--kinds [a-z,]*\\b${kind}\\b`));
  });
});
