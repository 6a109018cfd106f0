import { memoryContent, memoryDoor, virtualClock } from '../memory/index.ts';
import { describeUploads } from './uploads.ts';

describeUploads('in memory', async () => {
  const content = memoryContent();
  const door = memoryDoor(content, virtualClock());
  return { content, door, put: ({ url, headers }, body) => door.put(url, headers, body) };
});
