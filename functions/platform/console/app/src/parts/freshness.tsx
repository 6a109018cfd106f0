import { useNow } from '../polling.ts';
import { ago } from '../words.ts';

interface Props {
  readonly freshAtMs: number | undefined;
  readonly error: Error | undefined;
}

/** Says how old what is shown is; a stale page must not look live. */
export function Freshness({ freshAtMs, error }: Props) {
  const now = useNow();
  if (error !== undefined) {
    return (
      <p class="freshness stale" role="status">
        {freshAtMs === undefined
          ? 'Could not load'
          : `Last seen ${ago(new Date(freshAtMs).toISOString(), now)}`}
        : {error.message}
      </p>
    );
  }
  if (freshAtMs === undefined) return <p class="freshness">Loading…</p>;
  return (
    <p class="freshness live">
      <i aria-hidden="true" /> Live, checked {ago(new Date(freshAtMs).toISOString(), now)}
    </p>
  );
}
