import type { CallFault } from './faults.ts';
import type { Reply } from './rest/context.ts';

/** What becomes of an answer on its way, where the fault of its call says so. */
export class Distortion {
  /** What the first query of each object was answered under a fault that repeats, and which was asked for last. */
  readonly #answered = new Map<string, Reply>();
  #asked = '';

  of(reply: Reply, url: URL, fault: CallFault | undefined): Reply {
    switch (fault?.effect) {
      case 'login-page':
        return {
          status: 200,
          text: { type: 'text/html', value: '<html><body>Log in to continue</body></html>' },
        };
      case 'cut-short':
        return cutShort(reply);
      case 'repeat':
        return reply.headers?.['Sforce-Locator'] === undefined
          ? this.#repeated(reply, url)
          : leadingBack(reply, reply.headers['Sforce-Locator'], url);
      default:
        return reply;
    }
  }

  /** As something on the way answers that keeps one answer for all questions. */
  #repeated(reply: Reply, url: URL): Reply {
    if (!/^\/services\/data\/v[\d.]+\/query/.test(url.pathname)) return reply;
    this.#asked = /\bFROM (\w+)/.exec(url.searchParams.get('q') ?? '')?.[1] ?? this.#asked;
    const first = this.#answered.get(this.#asked) ?? reply;
    this.#answered.set(this.#asked, first);
    return first;
  }
}

const leadingBack = (reply: Reply, next: string, url: URL): Reply => ({
  ...reply,
  headers: { ...reply.headers, 'Sforce-Locator': url.searchParams.get('locator') ?? next },
});

function cutShort(reply: Reply): Reply {
  if (reply.text === undefined) return reply;
  const value = `${reply.text.value.split('\n')[0]}\n`;
  const headers = { ...reply.headers, 'Sforce-NumberOfRecords': '0', 'Sforce-Locator': 'null' };
  return { ...reply, headers, text: { ...reply.text, value } };
}
