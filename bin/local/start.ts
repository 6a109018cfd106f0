import { story } from './demo/story.ts';
import { lineOf, play, type StoryReport } from './demo/timeline.ts';
import { worldOf } from './demo/world.ts';
import { type Hub, type HubOptions, startHub } from './hub.ts';

/** `npm start`: one line when ready, the story on the first start unless unwanted, then up until told to stop. */
export async function startAndStay(options: HubOptions & { readonly tellsStory: boolean }): Promise<void> {
  const hub = await startHub(options);
  stopOnSignal(hub);
  console.log(`Deskbridge is ready: ${hub.description.url}`);
  const known = hub.demo.read();
  if (!options.tellsStory || known === undefined || known.isStoryTold) return;
  const report = await tellStory(hub);
  if (report.ok) hub.demo.write({ ...known, isStoryTold: true });
}

/** `npm run demo`: the story on free ports with throwaway data; true only if every step held. */
export async function playDemo(dataDir: string, isJson: boolean): Promise<boolean> {
  const hub = await startHub({ dataDir, port: 0 });
  try {
    const report = await tellStory(hub);
    if (isJson) console.log(JSON.stringify(report));
    return report.ok;
  } finally {
    await hub.close();
  }
}

async function tellStory(hub: Hub): Promise<StoryReport> {
  const world = worldOf(hub.description);
  const report = await play(story(world), world.lagsMs, (step) => console.log(lineOf(step)));
  const { p50, p99 } = report.syncLagMs;
  console.log(
    `${report.ok ? 'every step held' : 'the story broke off'}; sync lag p50 ${p50} ms, p99 ${p99} ms`,
  );
  return report;
}

function stopOnSignal(hub: Hub): void {
  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    hub.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
