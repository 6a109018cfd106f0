interface Wrap {
  readonly from: number;
  readonly to: number;
  readonly before: string;
  readonly after: string;
}

/** Text put around parts of a source; what lies in another stays in it. */
export class Wraps {
  readonly #wraps: Wrap[] = [];

  /** Of two around the same part, the first is the outer one. */
  add(from: number, to: number, before: string, after = ''): void {
    this.#wraps.push({ from, to, before, after });
  }

  applied(source: string): string {
    const opened = [...this.#wraps].sort((a, b) => a.from - b.from || b.to - a.to);
    const closed = [...this.#wraps].reverse().sort((a, b) => a.to - b.to || b.from - a.from);
    const inserts = [
      ...closed.map(({ to: at, after: text }) => ({ at, text })),
      ...opened.map(({ from: at, before: text }) => ({ at, text })),
    ].sort((a, b) => a.at - b.at);
    let applied = '';
    let done = 0;
    for (const { at, text } of inserts) {
      applied += source.slice(done, at) + text;
      done = at;
    }
    return applied + source.slice(done);
  }
}
