import { useState } from 'preact/hooks';
import { readPages, type Ticket } from '../client.ts';
import { useDesk } from '../parts/desk.ts';
import { Freshness } from '../parts/freshness.tsx';
import { useNow, usePolling } from '../polling.ts';
import { hashOf } from '../route.ts';
import { ago } from '../words.ts';

const EVERY_MS = 3_000;

function Row({ ticket }: { readonly ticket: Ticket }) {
  const now = useNow();
  const { id, subject, status, requester, updatedAt, isDeleted } = ticket;
  return (
    <li>
      <a class="card row" href={hashOf({ page: 'conversation', id })}>
        <strong>{subject ?? 'Without a subject'}</strong>
        <span class={`status ${status ?? 'none'}`}>{isDeleted ? 'deleted' : (status ?? 'no status')}</span>
        <span class="dim">{requester?.name ?? requester?.email ?? 'Unknown customer'}</span>
        <time class="dim" dateTime={updatedAt}>
          {ago(updatedAt, now)}
        </time>
      </a>
    </li>
  );
}

export function ConversationsPage() {
  const { client } = useDesk();
  const [pages, setPages] = useState(1);
  const read = () => readPages<Ticket>(client, '/v1/conversations', { limit: 50, pages });
  const { value, error, freshAtMs } = usePolling(read, EVERY_MS, `conversations ${pages}`);
  return (
    <>
      <div class="title">
        <h1>Conversations</h1>
        <Freshness freshAtMs={freshAtMs} error={error} />
      </div>
      {value?.items.length === 0 && <p class="empty">No customer has written yet.</p>}
      <ul class="stack">
        {value?.items.map((ticket) => (
          <Row key={ticket.id} ticket={ticket} />
        ))}
      </ul>
      {value?.hasMore && (
        <button type="button" class="more" onClick={() => setPages(pages + 1)}>
          Show older conversations
        </button>
      )}
    </>
  );
}
