import type { TestSpecification } from 'vitest/node';
import { BaseSequencer } from 'vitest/node';

/** Folders whose files take minutes, most of all those of the simulation: what begins last, all else waits for. */
const FIRST = ['/test/simulation/', '/test/journeys/'];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const of = (folder: string) => sorted.filter(({ moduleId }) => moduleId.includes(folder));
    const long = FIRST.flatMap(of);
    return [...long, ...sorted.filter((file) => !long.includes(file))];
  }
}
