import { describe, expect, it } from 'vitest';
import { namesAmong } from '../../../../shared/sync/read/references.ts';
import type { Root } from '../../../../shared/sync/state.ts';
import { ticketScene } from '../scenes.ts';

const called = (fields: Root['fields']): Root => ({ ...ticketScene({}).tree.root, fields });

describe('what people call the records that values name', () => {
  it('is their name, else their address', () => {
    const referred = new Map([
      ['m', called({ name: 'Maya', email: 'maya@example.com' })],
      ['k', called({ name: '', email: 'kai@example.com' })],
      ['o', called({ name: null, email: 7 })],
      ['unasked', called({ name: 'Nobody asks' })],
    ]);

    expect(namesAmong(referred, ['m', 'k', 'o', 'never', null])).toEqual({ m: 'Maya', k: 'kai@example.com' });
  });
});
