import { describe, expect, it } from 'vitest';
import { absorb, type Seen } from '../../../shared/sync/merge.ts';
import { awaitLook } from '../../../shared/sync/unsettled.ts';
import { ticketScene } from './scenes.ts';
import { seen } from './seen.ts';

describe('what stands in a field that its vendor has changed too often', () => {
  it.each<[string, 'written' | 'given-up' | undefined, Partial<Seen>]>([
    ['it was set by a person', undefined, { authorship: 'other' }],
    ['a person is named after our write', 'written', { authorship: 'other' }],
    ['our request was given up, and may not have been carried out', 'given-up', {}],
  ])('is taken where %s', (_where, request, more) => {
    const scene = ticketScene({ link: { unsettled: { subject: 5 } } });
    if (request !== undefined) awaitLook(scene.link, ['subject'], request);

    expect(absorb(scene, seen({ subject: 'a' }, more))).toEqual({ applied: 1, noted: 0 });

    expect(scene.record.fields.subject).toBe('a');
    expect(scene.link).not.toHaveProperty('parked');
  });
});
