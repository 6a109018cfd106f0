import { useEffect, useState } from 'preact/hooks';
import type { Connection, Schedule } from '../client.ts';
import { moment, sentence } from '../words.ts';
import { useDesk } from './desk.ts';

function Runs({ nextRuns }: Pick<Schedule, 'nextRuns'>) {
  return (
    <ol class="runs" aria-label="Next runs">
      {nextRuns.map((run) => (
        <li key={run}>
          <time dateTime={run}>{moment(run)}</time>
        </li>
      ))}
    </ol>
  );
}

/** When the vendor is asked for what no event has told: shown, tried out, chosen. */
export function ScheduleForm({ connection }: { readonly connection: Connection }) {
  const { client, may } = useDesk();
  const [schedule, setSchedule] = useState<Schedule>();
  const [said, setSaid] = useState('');
  const [expression, setExpression] = useState('');
  const [timeZone, setTimeZone] = useState('');
  const path = `/v1/connections/${encodeURIComponent(connection.id)}/schedule`;
  const take = (next: Schedule) => {
    setSchedule(next);
    setExpression(next.expression ?? '');
    setTimeZone(next.timeZone ?? 'UTC');
  };
  const fail = (error: Error) => setSaid(sentence(error.message));
  useEffect(() => {
    client.get<Schedule>(path).then(take, fail);
  }, [path]);
  if (schedule === undefined) return <output>{said}</output>;
  if (!schedule.isPolled) return <p class="cause">The vendor tells every change by itself.</p>;
  const tried = (work: Promise<Schedule>, words: string) =>
    work.then((next) => {
      take(next);
      setSaid(words);
    }, fail);
  const choice = { expression, timeZone };
  return (
    <form
      class="schedule"
      onSubmit={(event) => {
        event.preventDefault();
        void tried(client.send<Schedule>('PUT', path, choice), 'Saved.');
      }}
    >
      <label>
        Ask the vendor
        <input value={expression} onInput={(event) => setExpression(event.currentTarget.value)} />
      </label>
      <label>
        in the time zone
        <input value={timeZone} onInput={(event) => setTimeZone(event.currentTarget.value)} />
      </label>
      <Runs nextRuns={schedule.nextRuns} />
      <div class="actions">
        <button
          type="button"
          onClick={() => tried(client.send<Schedule>('POST', `${path}/preview`, choice), 'Not saved yet.')}
        >
          Preview
        </button>
        {may('connections:write') && (
          <>
            <button type="submit" class="primary">
              Save schedule
            </button>
            <button
              type="button"
              disabled={!schedule.isOwn}
              onClick={() => tried(client.send<Schedule>('DELETE', path), 'Back to the usual schedule.')}
            >
              Use the usual one
            </button>
          </>
        )}
        <output>{said}</output>
      </div>
    </form>
  );
}
