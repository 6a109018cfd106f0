import type { Queues, WorkMessage } from '../ports/index.ts';

type Wakes = Pick<Queues, 'sendWork'>;

/**
 * Queues that keep back the wakes of the roots a job works on itself. Each stands in its lane as well: one that is kept
 * back by a job that died is sent by the sweeper.
 */
export class HeldWakes implements Wakes {
  readonly #queues: Wakes;
  readonly #held = new Map<string, Parameters<Wakes['sendWork']> | undefined>();

  constructor(queues: Wakes) {
    this.#queues = queues;
  }

  sendWork: Wakes['sendWork'] = async (...sent) => {
    const [, message] = sent;
    const root = message.type === 'reconcile' ? rootOf(message) : '';
    if (this.#held.has(root)) this.#held.set(root, sent);
    else await this.#queues.sendWork(...sent);
  };

  hold(messages: readonly WorkMessage[]): void {
    for (const message of messages) this.#held.set(rootOf(message), undefined);
  }

  async release(): Promise<void> {
    const kept = [...this.#held.values()];
    this.drop();
    await Promise.all(kept.map((sent) => sent && this.#queues.sendWork(...sent)));
  }

  drop(): void {
    this.#held.clear();
  }
}

const rootOf = ({ root, connection }: WorkMessage): string => `${root} ${connection}`;
