import { answerJson } from '../http-server.ts';
import type { Pool, PoolCounts } from '../lambda/pool.ts';
import type { Metrics } from '../metrics.ts';
import type { Schedules } from '../schedules/schedules.ts';
import type { Queues } from '../sqs/queues.ts';
import type { PathHandler } from './endpoint.ts';

interface Parts {
  readonly metrics: Metrics;
  readonly schedules: Schedules;
  readonly queues: Queues;
  readonly pools: readonly Pool[];
}

/** What a person or a test may ask of the runner itself, under a path that no bucket can have. */
export function localPaths(parts: Parts): PathHandler {
  return async (path, request, response) => {
    const [, place, name] = path.match(/^\/__local\/([a-z]+)(?:\/(.+))?$/) ?? [];
    if (place === undefined) return false;
    if (place === 'metrics') answerJson(response, 200, parts.metrics.list());
    else if (place === 'queues') answerJson(response, 200, depths(parts.queues));
    else if (place === 'functions') answerJson(response, 200, countsOf(parts.pools));
    else if (place === 'schedules' && request.method === 'POST') {
      const fired = parts.schedules.fire(decodeURIComponent(name ?? ''));
      answerJson(response, fired ? 202 : 404, { fired });
    } else if (place === 'schedules') answerJson(response, 200, parts.schedules.names);
    else
      answerJson(response, 404, { message: 'metrics, queues, functions, schedules, POST schedules/{name}' });
    return true;
  };
}

function depths(queues: Queues): Record<string, unknown> {
  return Object.fromEntries([...queues.all()].map(({ name }) => [name, queues.depth(name)]));
}

function countsOf(pools: readonly Pool[]): Record<string, PoolCounts> {
  const isWorthTelling = ({ pace, counts }: Pool): boolean => pace === 'live' || counts.coldStarts > 0;
  return Object.fromEntries(
    pools
      .filter(isWorthTelling)
      .map(({ spec, pace, counts }) => [pace === 'live' ? spec.name : `${spec.name} (${pace})`, counts]),
  );
}
