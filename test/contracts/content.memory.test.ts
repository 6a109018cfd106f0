import { memoryContent } from '../memory/index.ts';
import { describeContent } from './content.ts';

describeContent('in memory', async () => {
  const content = memoryContent();
  return { content, address: content.address, partBytes: 1_000, kept: async () => content.keys() };
});
