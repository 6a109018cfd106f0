import { expect, it } from 'vitest';
import { memoryStore, virtualClock } from './index.ts';

it('lets nobody change what was read', async () => {
  const store = memoryStore({ clock: virtualClock() });
  const data = { deep: { value: 1 } };
  await store.commit([{ put: { pk: 'p', sk: 's', data }, expect: 0 }]);

  const item = await store.get<typeof data>('p', 's');
  data.deep.value = 2;

  expect(() => Object.assign(item!.data.deep, { value: 3 })).toThrow(TypeError);
  expect((await store.get<typeof data>('p', 's'))?.data.deep.value).toBe(1);
});

it('shows a write in its lists only after the lag, while reads by key are strong', async () => {
  const clock = virtualClock();
  const store = memoryStore({ clock, lagMs: 500 });
  await store.commit([
    { put: { pk: 'p', sk: 's', data: 1, due: { list: 'open', atMs: clock.now() } }, expect: 0 },
  ]);

  expect(await store.get('p', 's')).toMatchObject({ version: 1 });
  expect(await store.due('open', clock.now() + 1_000, 10)).toEqual([]);
  clock.advance(500);

  expect(await store.due('open', clock.now(), 10)).toHaveLength(1);
});
