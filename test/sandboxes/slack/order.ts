import type { SandboxMessage } from './model.ts';

/** Stamps by channel and by thread, in order of time: they only ever grow. */
export class Order {
  readonly #byChannel = new Map<string, string[]>();
  readonly #byThread = new Map<string, string[]>();

  ofChannel(channel: string): readonly string[] {
    return this.#byChannel.get(channel) ?? [];
  }

  ofThread(channel: string, ts: string): readonly string[] {
    return this.#byThread.get(`${channel}:${ts}`) ?? [];
  }

  add({ channel, ts, threadTs }: Pick<SandboxMessage, 'channel' | 'ts' | 'threadTs'>): void {
    const isKnown = add(this.#byChannel, channel, ts);
    if (!isKnown && threadTs !== undefined) add(this.#byThread, `${channel}:${threadTs}`, ts);
  }
}

/** Whether it was there already. */
function add(index: Map<string, string[]>, key: string, ts: string): boolean {
  const stamps = index.get(key) ?? [];
  if (stamps.length > 0 && stamps.at(-1)! >= ts) return true;
  stamps.push(ts);
  index.set(key, stamps);
  return false;
}

export function tsOf(micros: number): string {
  const digits = String(micros).padStart(7, '0');
  return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
}
