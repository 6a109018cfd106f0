import type { Service } from '../aws/service.ts';
import type { Queues } from './queues.ts';

const largestPage = 1_000;

/** ListQueues over the queues that have an address: the runner's own, which nobody may send to, have none. */
export function queueLists(queues: Queues): Service {
  return {
    'AmazonSQS.ListQueues': ({ QueueNamePrefix, MaxResults, NextToken }) => {
      const prefix = typeof QueueNamePrefix === 'string' ? QueueNamePrefix : '';
      const urls = [...queues.all()]
        .filter(({ name, url }) => url.startsWith('http') && name.startsWith(prefix))
        .map(({ url }) => url);
      const from = Number(NextToken ?? 0);
      const to = from + Number(MaxResults ?? largestPage);
      return {
        QueueUrls: urls.slice(from, to),
        ...(MaxResults !== undefined && to < urls.length ? { NextToken: String(to) } : {}),
      };
    },
  };
}
