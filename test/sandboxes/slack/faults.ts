const EFFECTS = {
  call: [
    'slow',
    'throttle',
    'fail',
    'error',
    'drop-before',
    'drop-after',
    'stale',
    'repeat',
    // Of a download: a page for people, half a file that passes for whole, and one that is cut off.
    'login-page',
    'short',
    'cut',
  ],
  event: ['late', 'twice', 'reorder', 'lose'],
} as const;
export type CallEffect = (typeof EFFECTS)['call'][number];
export type EventEffect = (typeof EFFECTS)['event'][number];

export interface CallFault {
  readonly on: 'call';
  /** A Web API method, or `upload` or `download` of a file's bytes; all of them when absent. */
  readonly method?: string;
  readonly effect: CallEffect;
  readonly ms?: number;
  readonly retryAfterSeconds?: number;
  /** HTTP status of `fail`. */
  readonly status?: number;
  /** Slack error code of `error`. */
  readonly error?: string;
  readonly times?: number;
}
export interface EventFault {
  readonly on: 'event';
  /** A message subtype, or `message` for a new message; all events when absent. */
  readonly subtype?: string;
  readonly effect: EventEffect;
  readonly ms?: number;
  readonly times?: number;
}
export type SlackFault = CallFault | EventFault;

/** What was asked of the sandbox makes no sense; the message names the field. */
export class BadControl extends Error {}

interface Armed {
  readonly fault: SlackFault;
  left: number;
}

/** Faults a test or a person has armed; each is used up after `times` hits. */
export class Faults {
  #armed: Armed[] = [];

  /** @throws BadControl for what would never do anything */
  add(fault: SlackFault): void {
    const effects: readonly string[] | undefined = Object.hasOwn(EFFECTS, fault.on)
      ? EFFECTS[fault.on]
      : undefined;
    if (effects === undefined) throw new BadControl(`on is "${fault.on}", expected call or event`);
    if (!effects.includes(fault.effect)) {
      throw new BadControl(`effect is "${fault.effect}", expected one of ${effects.join(', ')}`);
    }
    this.#armed.push({ fault, left: fault.times ?? 1 });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): readonly (SlackFault & { readonly left: number })[] {
    return this.#armed.map(({ fault, left }) => ({ ...fault, left }));
  }

  forCall(method: string): CallFault | undefined {
    return this.#take(
      (fault) => fault.on === 'call' && (fault.method === undefined || fault.method === method),
    ) as CallFault | undefined;
  }

  forEvent(subtype: string): EventFault | undefined {
    return this.#take(
      (fault) => fault.on === 'event' && (fault.subtype === undefined || fault.subtype === subtype),
    ) as EventFault | undefined;
  }

  #take(fits: (fault: SlackFault) => boolean): SlackFault | undefined {
    const hit = this.#armed.find((armed) => fits(armed.fault));
    if (hit === undefined) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.#armed = this.#armed.filter((armed) => armed !== hit);
    return hit.fault;
  }
}
