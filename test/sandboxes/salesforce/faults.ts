export type CallEffect =
  | 'slow'
  | 'throttle'
  | 'fail'
  | 'lock'
  | 'error'
  | 'drop-before'
  | 'drop-after'
  | 'stale'
  | 'down'
  /** 200 and a page for people, as a proxy or an expired My Domain answers. */
  | 'login-page'
  /** Of a file's bytes: half of them, that pass for whole, or that are cut off. */
  | 'half'
  | 'cut'
  /** What leads on leads back: a locator of bulk results to itself, any query to what the first one was answered. */
  | 'repeat'
  /** Bulk results of their heading alone, as the last page. */
  | 'cut-short';
export type EventEffect = 'late' | 'twice' | 'reorder' | 'lose' | 'gap';

export interface CallFault {
  readonly on: 'call';
  readonly method?: string;
  /** Part of the path; absent means every call. */
  readonly path?: string;
  readonly effect: CallEffect;
  readonly ms?: number;
  readonly status?: number;
  readonly error?: string;
  readonly times?: number;
}
export interface EventFault {
  readonly on: 'event';
  readonly type?: string;
  readonly effect: EventEffect;
  readonly ms?: number;
  readonly times?: number;
}
export type Fault = CallFault | EventFault;

const EFFECTS: Readonly<Record<Fault['on'], ReadonlySet<string>>> = {
  call: new Set([
    'slow',
    'throttle',
    'fail',
    'lock',
    'error',
    'drop-before',
    'drop-after',
    'stale',
    'down',
    'login-page',
    'half',
    'cut',
    'repeat',
    'cut-short',
  ]),
  event: new Set(['late', 'twice', 'reorder', 'lose', 'gap']),
};

/** Faults waiting for their call or event; each is used `times` times, the first matching one first. */
export class Faults {
  #waiting: { fault: Fault; left: number }[] = [];

  add(fault: Fault): void {
    if (!EFFECTS[fault.on]?.has(fault.effect))
      throw new RangeError(`no such fault: ${fault.on} ${fault.effect}`);
    this.#waiting.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#waiting = [];
  }

  list(): readonly Fault[] {
    return this.#waiting.map(({ fault, left }) => ({ ...fault, times: left }));
  }

  takeCall(method: string, path: string): CallFault | undefined {
    return this.#take(
      (fault): fault is CallFault =>
        fault.on === 'call' &&
        path.includes(fault.path ?? '') &&
        (fault.method === undefined || fault.method === method),
    );
  }

  takeEvent(type: string): EventFault | undefined {
    return this.#take(
      (fault): fault is EventFault =>
        fault.on === 'event' && (fault.type === undefined || fault.type === type),
    );
  }

  #take<Wanted extends Fault>(isWanted: (fault: Fault) => fault is Wanted): Wanted | undefined {
    const index = this.#waiting.findIndex(({ fault }) => isWanted(fault));
    const entry = this.#waiting[index];
    if (!entry || !isWanted(entry.fault)) return undefined;
    entry.left -= 1;
    if (entry.left <= 0) this.#waiting.splice(index, 1);
    return entry.fault;
  }
}
