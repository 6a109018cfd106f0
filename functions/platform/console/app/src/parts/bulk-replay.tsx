import { useState } from 'preact/hooks';
import { usePolling } from '../polling.ts';
import { plural, sentence } from '../words.ts';
import { useDesk } from './desk.ts';

const EVERY_MS = 2_000;

/** Parked work put back in bulk. */
interface Replay {
  readonly id: string;
  readonly state: 'running' | 'done' | 'cancelled';
  readonly total: number;
  readonly replayed: number;
  readonly gone: number;
  readonly failed: number;
  readonly startedAt: string;
}

interface Props {
  /** What is meant, as the API takes it. */
  readonly filter: Readonly<Record<string, string>>;
  readonly count: number;
  readonly onChange: () => void;
}

/** Puts back all that the filter shows, after a second look; shows how far it is, and stops it. */
export function BulkReplay({ filter, count, onChange }: Props) {
  const { client } = useDesk();
  const [isAsked, setAsked] = useState(false);
  const [problem, setProblem] = useState<string>();
  const read = () => client.get<{ readonly items: readonly Replay[] }>('/v1/parked/replays?limit=1');
  const { value, refresh } = usePolling(read, EVERY_MS, 'replays');
  const act = async (path: string, sent?: unknown) => {
    setAsked(false);
    try {
      await client.send('POST', path, sent);
      setProblem(undefined);
    } catch (error) {
      setProblem(sentence((error as Error).message));
    }
    refresh();
    onChange();
  };
  const last = value?.items[0];
  return (
    <section class="bulk" aria-label="Replay in bulk">
      {count > 0 && !isAsked && (
        <button type="button" onClick={() => setAsked(true)}>
          Replay all shown…
        </button>
      )}
      {isAsked && (
        <p>
          Put back {plural(count, 'piece')}, oldest first?{' '}
          <button type="button" class="primary" onClick={() => act('/v1/parked/replays', filter)}>
            Replay {plural(count, 'piece')}
          </button>{' '}
          <button type="button" onClick={() => setAsked(false)}>
            Leave them parked
          </button>
        </p>
      )}
      {problem !== undefined && <p role="alert">{problem}</p>}
      {last !== undefined && (
        <Progress
          replay={last}
          onCancel={() => act(`/v1/parked/replays/${encodeURIComponent(last.id)}/cancel`)}
        />
      )}
    </section>
  );
}

const STATES = { running: 'Replaying', done: 'Replayed', cancelled: 'Stopped' } as const;

function Progress({ replay, onCancel }: { readonly replay: Replay; readonly onCancel: () => void }) {
  const { state, total, replayed, gone, failed } = replay;
  const through = replayed + gone + failed;
  return (
    <p class="dim">
      {STATES[state]}: {through} of {plural(total, 'piece')}
      {gone > 0 && `, ${gone} had gone on by themselves`}
      {failed > 0 && `, ${failed} could not be put back`}
      {state === 'running' && (
        <>
          {' '}
          <progress max={total} value={through} aria-label="Progress of the replay" />{' '}
          <button type="button" onClick={onCancel}>
            Stop
          </button>
        </>
      )}
    </p>
  );
}
