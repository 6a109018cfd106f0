import { expect, it } from 'vitest';
import type { ExternalId } from '../../../shared/domain/index.ts';
import { search } from '../../../shared/sync/search.ts';
import type { Shift } from '../../../shared/sync/shift.ts';
import { commentScene } from './comment-scene.ts';
import { deskPlace } from './scenes.ts';

it('a vendor whose merges lead round in a circle is asked of each object once, and shows nothing', async () => {
  const { tree, record } = commentScene({});
  const place = deskPlace({ creation: { by: 'find' } } as never);
  const asked: string[] = [];
  const integration = {
    find: async () => undefined,
    read: async ({ externalId }: { externalId: ExternalId }) => {
      asked.push(externalId);
      if (asked.length > 10) throw new Error('asked without end');
      return { state: 'deleted', mergedInto: externalId === 'case-1' ? 'case-2' : 'case-1' } as const;
    },
  };
  const shift = { tree, place, integration, message: { connection: 'desk' } } as unknown as Shift;

  expect(await search(shift, record, 'case-1' as ExternalId)).toEqual({ isUnseen: true, wasMoved: true });
  expect(asked).toEqual(['case-1', 'case-2']);
});
