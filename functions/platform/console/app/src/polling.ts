import { useEffect, useState } from 'preact/hooks';

export interface Polled<Value> {
  readonly value: Value | undefined;
  readonly error: Error | undefined;
  /** When the hub last answered. */
  readonly freshAtMs: number | undefined;
  readonly refresh: () => void;
}

/** Asks again every `everyMs` while somebody is looking; the last value stays through a failure. */
export function usePolling<Value>(read: () => Promise<Value>, everyMs: number, key: string): Polled<Value> {
  const [state, setState] = useState<Omit<Polled<Value>, 'refresh'>>({
    value: undefined,
    error: undefined,
    freshAtMs: undefined,
  });
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isOver = false;
    let isAsking = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      if (document.hidden || isAsking) return;
      isAsking = true;
      try {
        const value = await read();
        if (!isOver) setState({ value, error: undefined, freshAtMs: Date.now() });
      } catch (error) {
        if (!isOver) setState((before) => ({ ...before, error: error as Error }));
      }
      isAsking = false;
      if (!isOver) timer = setTimeout(ask, everyMs);
    };
    const onShown = () => {
      clearTimeout(timer);
      void ask();
    };
    void ask();
    document.addEventListener('visibilitychange', onShown);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onShown);
    };
  }, [key, everyMs, round]);
  return { ...state, refresh: () => setRound((before) => before + 1) };
}

/** Re-renders on the second, for words like "3 s ago". */
export function useNow(): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
