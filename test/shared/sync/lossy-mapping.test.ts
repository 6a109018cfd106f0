import { describe, expect, it } from 'vitest';
import type { FieldRule } from '../../../shared/ports/index.ts';
import { needOf } from '../../../shared/sync/need.ts';
import { SUBJECT, under } from './mapped-scene.ts';

const CAPITALS: FieldRule = { ...SUBJECT, transforms: [{ use: 'uppercase' }] };

describe('a mapping whose transforms were changed', () => {
  const link = { sent: { subject: 'PRINTER' }, got: { subject: 'printer' } };
  const met = (rule: FieldRule) => under({ rules: [rule], fields: { subject: 'PRINTER' }, link });

  it('has the copy written where what stands there meant the same by the old ones alone', () => {
    const scene = met({ ...SUBJECT, reworded: 1 });

    expect(needOf(scene)).toBe('update');
    expect(scene.record.fields.subject).toBe('PRINTER');
  });

  it('writes nothing where they are what they were', () => {
    expect(needOf(met(SUBJECT))).toBe('none');
    expect(needOf(met({ ...CAPITALS, reworded: 1 }))).toBe('none');
  });
});
