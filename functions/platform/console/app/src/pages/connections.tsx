import type { Connection } from '../client.ts';
import { ConnectionCard } from '../parts/connection-card.tsx';
import { useDesk } from '../parts/desk.ts';
import { Freshness } from '../parts/freshness.tsx';
import { usePolling } from '../polling.ts';

const EVERY_MS = 3_000;

const REFUSALS: Readonly<Record<string, string>> = {
  invalid_input: 'That authorization was not begun in this browser, or has expired. Please start it again.',
  access_denied: 'The authorization was declined at the vendor. Nothing has changed.',
  conflict: 'That account is connected already, here or in another organization.',
  reauthorization_required: 'The vendor did not grant the authorization.',
};

function Notice({ notice }: { readonly notice: URLSearchParams }) {
  const refused = notice.get('refused');
  if (refused !== null) {
    return (
      <p class="problem" role="alert">
        {REFUSALS[refused] ?? 'The authorization could not be completed.'}
      </p>
    );
  }
  if (!notice.has('connected')) return null;
  return (
    <p class="done" role="status">
      The connection is authorized.
    </p>
  );
}

/** Trouble first: what needs somebody should not have to be looked for. */
const URGENCY = ['parked', 'pending', 'degraded', 'behind', 'silent', 'unproven', 'healthy'];

function byUrgency(one: Connection, other: Connection): number {
  const difference = URGENCY.indexOf(one.health.state) - URGENCY.indexOf(other.health.state);
  return difference || one.name.localeCompare(other.name);
}

export function ConnectionsPage({ notice }: { readonly notice: URLSearchParams }) {
  const { client } = useDesk();
  const read = () => client.get<{ items: readonly Connection[] }>('/v1/connections');
  const { value, error, freshAtMs, refresh } = usePolling(read, EVERY_MS, 'connections');
  return (
    <>
      <div class="title">
        <h1>Connections</h1>
        <Freshness freshAtMs={freshAtMs} error={error} />
      </div>
      <Notice notice={notice} />
      {value?.items.length === 0 && <p class="empty">No system is connected yet.</p>}
      <div class="cards">
        {[...(value?.items ?? [])].sort(byUrgency).map((connection) => (
          <ConnectionCard key={connection.id} connection={connection} onChanged={refresh} />
        ))}
      </div>
    </>
  );
}
