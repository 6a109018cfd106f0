import { createHmac } from 'node:crypto';
import type { Faults } from './faults.ts';
import type { Journal } from './journal.ts';
import type { Delivery, DeliveryState } from './model.ts';

export interface DeliverySettings {
  eventsUrl: string | undefined;
  signingSecret: string;
  /** Multiplies Slack's one and five minutes; 1 is the real schedule. */
  retryScale: number;
  /** Slack gives three seconds. */
  ackTimeoutMs: number;
  /** Requests at a time; the three seconds begin when one is sent. */
  concurrency: number;
  /** Waits for a retry; a timer unless told. */
  wait?: (ms: number) => Promise<void>;
}

type Json = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly reason?: string;
  readonly isFinal?: boolean;
}

/** At once, after one minute, after five: https://docs.slack.dev/apis/events-api (Error handling, Retries) */
const RETRY_DELAYS_MS = [0, 60_000, 300_000];

const RESUME_EVERY_MS = 200;
/** "If we encounter more than 2, we'll retry the request": the same page. */
const MOST_REDIRECTS = 2;

interface From {
  readonly retry: number;
  /** Why the attempt before it failed. */
  readonly reason: string | undefined;
}

/** Sends signed events and repeats them as Slack does; what is not delivered survives a restart. */
export class Deliveries {
  readonly settings: DeliverySettings;
  readonly #journal: Journal;
  readonly #faults: Faults;
  readonly #now: () => number;
  readonly #running = new Set<Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #queued: (() => void)[] = [];
  #underWay = 0;
  #held: (() => unknown)[] = [];
  #isClosed = false;

  constructor(options: { settings: DeliverySettings; journal: Journal; faults: Faults; now: () => number }) {
    this.settings = options.settings;
    this.#journal = options.journal;
    this.#faults = options.faults;
    this.#now = options.now;
  }

  get count(): number {
    return this.#journal.table<Delivery>('deliveries').size;
  }

  list(): readonly Delivery[] {
    return [...this.#journal.table<Delivery>('deliveries').values()];
  }

  /** Goes on with what an earlier life of the sandbox had not finished, as soon as the app is there again. */
  async resume(): Promise<void> {
    const waiting = this.list().filter(({ state }) => state === 'waiting');
    while (waiting.length > 0 && !this.#isClosed) {
      const { eventsUrl } = this.settings;
      if (eventsUrl !== undefined && (await this.verifyUrl(eventsUrl))) break;
      await this.#pause(RESUME_EVERY_MS);
    }
    for (const delivery of waiting) void this.#goOn(delivery);
  }

  send(id: string, envelope: Json, subtype: string): void {
    const fault = this.#faults.forEvent(subtype);
    const isLost = fault?.effect === 'lose' || this.settings.eventsUrl === undefined;
    const state: DeliveryState = isLost ? 'lost' : 'waiting';
    this.#journal.put<Delivery>('deliveries', id, { id, envelope, attempts: [], state });
    if (state === 'lost') return;
    if (fault?.effect === 'reorder') {
      this.#held.push(() => this.#start(id));
      return;
    }
    const run = this.#start(id, fault?.effect === 'late' ? (fault.ms ?? 1_000) : 0);
    if (fault?.effect === 'twice') this.#start(id, fault.ms ?? 0);
    void run.finally(() => this.#release());
  }

  /** Sends the held back and waits until nothing is under way, retries included. */
  async flush(): Promise<void> {
    while (this.#running.size > 0 || this.#held.length > 0) {
      if (this.#running.size === 0) this.#release();
      await Promise.all([...this.#running]);
    }
  }

  /** The handshake Slack makes when a request URL is set; signed like everything else. */
  async verifyUrl(url: string): Promise<boolean> {
    const challenge = createHmac('sha256', 'challenge').update(`${url}${this.#now()}`).digest('base64url');
    const body = JSON.stringify({ token: 'legacy-token', challenge, type: 'url_verification' });
    try {
      const response = await this.#request(url, body, {});
      const text = await response.text();
      const answered = text.startsWith('{')
        ? (JSON.parse(text) as Json).challenge
        : text.replace(/^challenge=/u, '');
      return response.status === 200 && answered === challenge;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    for (const start of held) start();
  }

  /** Numbered on from the attempts already made; sooner than Slack would, since the app is there. */
  #goOn({ id, attempts }: Delivery): Promise<void> {
    return this.#start(id, 0, { retry: attempts.length, reason: attempts.at(-1)?.reason });
  }

  #delayBefore(retry: number): number {
    return (RETRY_DELAYS_MS[retry - 1] ?? 0) * this.settings.retryScale;
  }

  #start(id: string, delayMs = 0, from: From = { retry: 0, reason: undefined }): Promise<void> {
    const run = this.#deliver(id, delayMs, from).finally(() => this.#running.delete(run));
    this.#running.add(run);
    return run;
  }

  async #deliver(id: string, delayMs: number, from: From): Promise<void> {
    if (delayMs > 0) await this.#pause(delayMs);
    let { reason } = from;
    for (let { retry } = from; retry <= RETRY_DELAYS_MS.length; retry += 1) {
      if (retry > from.retry) await this.#pause(this.#delayBefore(retry));
      if (this.#isClosed || this.settings.eventsUrl === undefined) return;
      const answer = await this.#inTurn(this.settings.eventsUrl, (url) =>
        this.#attempt(id, url, retry, reason),
      );
      reason = answer.reason;
      if (reason === undefined || answer.isFinal) {
        this.#note(id, answer, reason === undefined ? 'delivered' : 'abandoned');
        return;
      }
      this.#note(id, answer, retry === RETRY_DELAYS_MS.length ? 'abandoned' : 'waiting');
    }
  }

  async #inTurn(url: string, send: (url: string) => Promise<Answer>): Promise<Answer> {
    if (this.#underWay >= this.settings.concurrency) {
      await new Promise<void>((resolve) => this.#queued.push(resolve));
    }
    this.#underWay += 1;
    try {
      return await send(url);
    } finally {
      this.#underWay -= 1;
      this.#queued.shift()?.();
    }
  }

  async #attempt(id: string, url: string, retry: number, reason: string | undefined): Promise<Answer> {
    const delivery = this.#journal.table<Delivery>('deliveries').get(id)!;
    const headers =
      retry === 0
        ? {}
        : { 'x-slack-retry-num': String(retry), 'x-slack-retry-reason': reason ?? 'unknown_error' };
    try {
      const response = await this.#followed(url, JSON.stringify(delivery.envelope), headers);
      await response.arrayBuffer();
      if (isRedirect(response)) return { status: response.status, reason: 'too_many_redirects' };
      if (response.ok) return { status: response.status };
      const isFinal = response.headers.get('x-slack-no-retry') === '1';
      return { status: response.status, reason: 'http_error', isFinal };
    } catch (error) {
      const isTimeout = error instanceof Error && error.name === 'TimeoutError';
      return { status: 0, reason: isTimeout ? 'http_timeout' : 'connection_failed' };
    }
  }

  /** Slack does not say by which method it follows a redirect: here the same request is made again. */
  async #followed(url: string, body: string, headers: Record<string, string>): Promise<Response> {
    let response = await this.#request(url, body, headers);
    for (let left = MOST_REDIRECTS; left > 0; left -= 1) {
      if (!isRedirect(response)) break;
      const location = response.headers.get('location') ?? '';
      await response.arrayBuffer();
      response = await this.#request(new URL(location, response.url).href, body, headers);
    }
    return response;
  }

  #request(url: string, body: string, headers: Record<string, string>): Promise<Response> {
    const timestamp = String(Math.floor(this.#now() / 1000));
    const digest = createHmac('sha256', this.settings.signingSecret)
      .update(`v0:${timestamp}:${body}`)
      .digest('hex');
    return fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: AbortSignal.timeout(this.settings.ackTimeoutMs),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': `v0=${digest}`,
        ...headers,
      },
      body,
    });
  }

  #note(id: string, answer: Answer, state: DeliveryState): void {
    const before = this.#journal.table<Delivery>('deliveries').get(id)!;
    const attempt = {
      atMs: this.#now(),
      status: answer.status,
      ...(answer.reason === undefined ? {} : { reason: answer.reason }),
    };
    // A second sending of a delivered event must not reopen it.
    const next = before.state === 'delivered' ? 'delivered' : state;
    this.#journal.put('deliveries', id, { ...before, attempts: [...before.attempts, attempt], state: next });
  }

  #pause(ms: number): Promise<void> {
    if (this.settings.wait !== undefined) return this.settings.wait(ms);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      timer.unref();
      this.#timers.add(timer);
    });
  }
}

function isRedirect(response: Response): boolean {
  return response.status >= 300 && response.status < 400 && response.headers.has('location');
}
