import { describe, expect, it } from 'vitest';
import { fitted } from '../../../../../functions/connectors/salesforce/mapping/text.ts';
import { mapping } from '../../../../../functions/connectors/salesforce/mapping.ts';

describe('a text on its way to Salesforce', () => {
  it('names no part of the composite it travels in, and is the same text to both', () => {
    const kept = fitted('body', 'set @{made.id} in your template')!;

    expect(kept).not.toContain('@{');
    expect(mapping.canonicalForm('comment', 'body', 'set @{made.id} in your template')).toBe(kept);
    expect(fitted('body', kept)).toBe(kept);
  });
});
