import { useState } from 'preact/hooks';
import type { Backfill } from '../backfill.ts';
import type { Connection } from '../client.ts';
import { useNow, usePolling } from '../polling.ts';
import { ago, count, FAULT_NAMES, plural, remaining, sentence } from '../words.ts';
import { useDesk } from './desk.ts';

const EVERY_MS = 2_000;
const ENDS = { done: 'Complete', cancelled: 'Cancelled', failed: 'Failed' } as const;

interface Backfills {
  readonly isOffered: boolean;
  readonly isOfferedOut: boolean;
  readonly items: readonly Backfill[];
}

const isEnded = (state: Backfill['state']): state is keyof typeof ENDS => state in ENDS;

function Running({ job }: { readonly job: Backfill }) {
  const { direction, records, total, perSecond, secondsLeft, trouble } = job;
  const begins = direction === 'in' ? 'The vendor makes it ready' : 'Records are counted';
  const facts = [
    total === undefined ? begins : `${count(records)} of ${plural(total, 'record')}`,
    ...(perSecond > 0 ? [`${count(Math.round(perSecond))} a second`] : []),
    ...(secondsLeft === undefined ? [] : [`${remaining(secondsLeft)} left`]),
    ...(job.parked > 0 ? [`${count(job.parked)} parked`] : []),
  ];
  return (
    <>
      <progress aria-label="Backfill" max={total ?? 1} {...(total === undefined ? {} : { value: records })} />
      <p class="line">{facts.join(' · ')}</p>
      {trouble !== undefined && (
        <p class="line reason">
          Waiting: {trouble.reason}
          <span class={`fault ${trouble.fault}`}>{FAULT_NAMES[trouble.fault]}</span>
        </p>
      )}
    </>
  );
}

function Ended({ job }: { readonly job: Backfill }) {
  const now = useNow();
  const { state, records, endedAt, failure, open } = job;
  if (!isEnded(state)) return null;
  return (
    <>
      <p class="line">
        {ENDS[state]}
        {endedAt !== undefined && ` ${ago(endedAt, now)}`} · {plural(records, 'record')}
        {open > 0 && `, ${count(open)} still open`}
      </p>
      {failure !== undefined && (
        <p class="line reason">
          {sentence(failure.reason)}
          <span class={`fault ${failure.fault}`}>{FAULT_NAMES[failure.fault]}</span>
        </p>
      )}
    </>
  );
}

/** All that the vendor had before it was connected, on its way in, or the hub, on its way out. */
export function BackfillPanel({ connection }: { readonly connection: Connection }) {
  const { client, may } = useDesk();
  const [isBusy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const path = `/v1/connections/${encodeURIComponent(connection.id)}/backfills`;
  const { value, refresh } = usePolling(() => client.get<Backfills>(path), EVERY_MS, path);
  if (value?.isOffered !== true) return null;
  const [job] = value.items;
  const isRunning = job !== undefined && !isEnded(job.state);
  const send = async (to: string, body?: object) => {
    setBusy(true);
    setProblem(undefined);
    await client.send('POST', to, body).catch((error: Error) => setProblem(sentence(error.message)));
    setBusy(false);
    refresh();
  };
  return (
    <section class="backfill" aria-label="History">
      <div class="heading">
        <h3>History</h3>
        {may('operations:write') &&
          (isRunning ? (
            <button type="button" disabled={isBusy} onClick={() => send(`/v1/backfills/${job.id}/cancel`)}>
              Cancel<span class="hidden"> the backfill of {connection.name}</span>
            </button>
          ) : (
            <div class="actions">
              <button type="button" disabled={isBusy} onClick={() => send(path, {})}>
                Bring in everything<span class="hidden"> from {connection.name}</span>
              </button>
              {value.isOfferedOut && (
                <button type="button" disabled={isBusy} onClick={() => send(path, { direction: 'out' })}>
                  Bring out everything<span class="hidden"> to {connection.name}</span>
                </button>
              )}
            </div>
          ))}
      </div>
      {job === undefined && <p class="line">Nothing was brought in or out at once yet.</p>}
      {job !== undefined && (isRunning ? <Running job={job} /> : <Ended job={job} />)}
      {problem !== undefined && <p role="alert">{problem}</p>}
    </section>
  );
}
