import { story } from './demo/story.ts';
import { lineOf, messageOf, play, type StoryReport } from './demo/timeline.ts';
import { worldOf } from './demo/world.ts';
import { type Hub, type HubOptions, startHub } from './hub.ts';

export interface StartedHub {
  readonly hub: Hub;
  /** Fulfils when the story has been told, or at once where there is none to tell. */
  readonly told: Promise<void>;
}

/** `npm start`: one line when ready, and on the first start the story, unless unwanted; the hub stays up. */
export async function startAndTell(
  options: HubOptions & { readonly tellsStory: boolean; readonly signal?: AbortSignal },
): Promise<StartedHub> {
  const hub = await startHub(options);
  console.log(`Deskbridge is ready: ${hub.description.url}`);
  return { hub, told: options.tellsStory ? tellOnce(hub, options.signal) : Promise.resolve() };
}

/** Whatever comes of the story, the hub stays up; one that was interrupted is told at the next start. */
async function tellOnce(hub: Hub, signal: AbortSignal | undefined): Promise<void> {
  const known = hub.demo.read();
  if (known === undefined || known.isStoryTold) return;
  try {
    const report = await tellStory(hub, signal);
    if (report.ok) hub.demo.write({ ...known, isStoryTold: true });
  } catch (error) {
    if (signal?.aborted !== true) console.log(`the story could not be told: ${messageOf(error)}`);
  }
}

/** `npm run demo`: the story on free ports with throwaway data; true only if every step held. */
export async function playDemo(
  dataDir: string,
  options: { readonly isJson: boolean; readonly signal?: AbortSignal },
): Promise<boolean> {
  const hub = await startHub({ dataDir, port: 0 });
  try {
    const report = await tellStory(hub, options.signal);
    if (options.isJson) console.log(JSON.stringify(report));
    return report.ok;
  } catch (error) {
    if (options.signal?.aborted === true) return false;
    throw error;
  } finally {
    await hub.close();
  }
}

/** @throws the signal's reason once it is aborted. */
async function tellStory(hub: Hub, signal: AbortSignal | undefined): Promise<StoryReport> {
  const world = worldOf(hub.description);
  const report = await play(story(world), world.lagsMs, (step) => console.log(lineOf(step)), signal);
  const { p50, p99 } = report.syncLagMs;
  console.log(
    `${report.ok ? 'every step held' : 'the story broke off'}; sync lag p50 ${p50} ms, p99 ${p99} ms`,
  );
  return report;
}
