import { memoryStore, virtualClock } from '../memory/index.ts';
import { describeStore } from './store.ts';

describeStore('in memory', async () => {
  const clock = virtualClock();
  return { store: memoryStore({ clock }), now: clock.now };
});
