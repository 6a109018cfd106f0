import { longValues } from '../../shared/sync/index.ts';
import { memoryStore, virtualClock } from '../memory/index.ts';
import { describeStore } from './store.ts';

/** As the hub runs, and where hardly a text stays in its item. */
for (const longOverBytes of [1_024, 3, 0]) {
  const bounds = { longOverBytes, itemBytes: 200 * 1_024 };
  describeStore(
    `with texts over ${longOverBytes} bytes beside their items`,
    async () => {
      const clock = virtualClock();
      return { store: longValues(memoryStore({ clock }), { bounds, holds: () => true }), now: clock.now };
    },
    { keepsTexts: false },
  );
}
