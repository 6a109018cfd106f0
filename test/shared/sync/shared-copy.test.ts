import { describe, expect, it } from 'vitest';
import type { RemoteState } from '../../../shared/ports/index.ts';
import { takeShared } from '../../../shared/sync/survivor.ts';
import { wantRead } from '../../../shared/sync/want-read.ts';
import { seenTicket, ticketScene } from './scenes.ts';

describe('another record’s copy, shared since a merge', () => {
  const looked = (remote: RemoteState) => {
    const scene = ticketScene({ link: { isBorrowed: true, needsRead: true } });
    return { scene, taken: takeShared(scene, remote) };
  };

  it('is seen to be there, and what it holds is for its own record to take in', () => {
    const { scene, taken } = looked({ state: 'present', observation: seenTicket({}) });

    expect(taken).toBe('taken');
    expect(scene.link).not.toHaveProperty('needsRead');
    expect(scene.tree.changes).toEqual([]);
  });

  it('is looked at again where a look shows it before the end it was asked about', () => {
    const scene = ticketScene({ link: { isBorrowed: true } });
    const at = (value: number) => ({ atMs: 60_000, version: { source: 'desk', value } });
    wantRead(scene.link, at(8));

    const looked = [7, 9].map((value) =>
      takeShared(scene, { state: 'present', observation: seenTicket(at(value)) }),
    );

    expect(looked).toEqual(['stale', 'taken']);
  });

  it('takes nobody with it where it dies', () => {
    const { scene } = looked({ state: 'deleted' });

    expect(scene.link.dead).toBeDefined();
    expect(scene.record.deleted).toBeUndefined();
  });

  it('proves nothing where it is out of sight', () => {
    const { scene, taken } = looked({ state: 'absent' });

    expect(taken).toBe('absent');
    expect(scene.link).not.toHaveProperty('dead');
  });
});
