import { useState } from 'preact/hooks';
import type { Parked } from '../client.ts';
import { readAll } from '../client.ts';
import { BulkReplay } from '../parts/bulk-replay.tsx';
import { type Desk, useDesk } from '../parts/desk.ts';
import { Freshness } from '../parts/freshness.tsx';
import { NO_FILTER, named, ParkedFilter } from '../parts/parked-filter.tsx';
import { ReplayDialog } from '../parts/replay-dialog.tsx';
import { useNow, usePolling } from '../polling.ts';
import { hashOf } from '../route.ts';
import { ago, FAULT_NAMES, plural, sentence } from '../words.ts';

const EVERY_MS = 3_000;

const KINDS = { event: 'Received event', link: 'Write to a copy', message: 'Dead letter' } as const;

async function readParked({ client, names }: Desk, query: string) {
  const path = query === '' ? '/v1/parked' : `/v1/parked?${query}`;
  const [parked, known] = await Promise.all([readAll<Parked>(client, path), names()]);
  return { parked, names: known };
}

interface RowProps {
  readonly parked: Parked;
  readonly name: string;
  readonly onReplay: (() => void) | undefined;
}

function Row({ parked, name, onReplay }: RowProps) {
  const now = useNow();
  const { reason, fault, code, what, ticket, attempts, since } = parked;
  return (
    <li class="card parked-work">
      <div>
        <h2>{sentence(reason)}</h2>
        <p>
          <span class={`fault ${fault}`}>{FAULT_NAMES[fault]}</span>
          {name} · {KINDS[what]}
          {code !== undefined && ` · ${code}`}
        </p>
        <p class="dim">
          Since {ago(since, now)}
          {attempts > 0 && `, after ${plural(attempts, 'attempt')}`}
          {ticket !== undefined && (
            <>
              {' · '}
              <a href={hashOf({ page: 'conversation', id: ticket })}>See the timeline</a>
            </>
          )}
        </p>
      </div>
      {onReplay !== undefined && (
        <button type="button" onClick={onReplay}>
          Replay…<span class="hidden"> {reason}</span>
        </button>
      )}
    </li>
  );
}

export function ParkedPage() {
  const desk = useDesk();
  const [chosen, setChosen] = useState<Parked>();
  const [said, setSaid] = useState('');
  const [filter, setFilter] = useState(NO_FILTER);
  const query = new URLSearchParams(named(filter)).toString();
  const read = () => readParked(desk, query);
  const { value, error, freshAtMs, refresh } = usePolling(read, EVERY_MS, `parked ${query}`);
  const nameOf = ({ connection }: Parked) => value?.names.get(connection) ?? connection;
  const close = (words: string | undefined) => {
    setChosen(undefined);
    if (words === undefined) return;
    setSaid(words);
    refresh();
  };
  return (
    <>
      <div class="title">
        <h1>Parked work</h1>
        <Freshness freshAtMs={freshAtMs} error={error} />
      </div>
      <p class="lead">
        Set aside, never dropped. It goes on by itself once its cause is gone, or when you replay it.
      </p>
      <output class="said">{said}</output>
      <ParkedFilter filter={filter} names={value?.names ?? new Map()} onChange={setFilter} />
      {desk.may('operations:write') && (
        <BulkReplay filter={named(filter)} count={value?.parked.length ?? 0} onChange={refresh} />
      )}
      {value?.parked.length === 0 && (
        <p class="empty">{query === '' ? 'Nothing is parked.' : 'Nothing parked is like that.'}</p>
      )}
      <ul class="stack">
        {value?.parked.map((parked) => (
          <Row
            key={parked.id}
            parked={parked}
            name={nameOf(parked)}
            onReplay={desk.may('operations:write') ? () => setChosen(parked) : undefined}
          />
        ))}
      </ul>
      {chosen !== undefined && (
        <ReplayDialog parked={chosen} connectionName={nameOf(chosen)} onDone={close} />
      )}
    </>
  );
}
