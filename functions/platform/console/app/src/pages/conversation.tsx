import { useState } from 'preact/hooks';
import { type Entry, readPages, type Ticket } from '../client.ts';
import { type Desk, useDesk } from '../parts/desk.ts';
import { Freshness } from '../parts/freshness.tsx';
import { SendFile } from '../parts/send-file.tsx';
import { Summary } from '../parts/summary.tsx';
import { TimelineEntry } from '../parts/timeline-entry.tsx';
import { Why } from '../parts/why-dialog.tsx';
import { usePolling } from '../polling.ts';
import { day } from '../words.ts';

const EVERY_MS = 1_000;

/** The end of the story, and of what came before it as many pages as were asked for. */
async function readConversation({ client, names }: Desk, id: string, pages: number) {
  const path = `/v1/tickets/${encodeURIComponent(id)}`;
  const [ticket, newest, known] = await Promise.all([
    client.get<Ticket>(path),
    readPages<Entry>(client, `${path}/timeline?order=desc`, { limit: 100, pages }),
    names(),
  ]);
  const { items, hasMore } = newest;
  const entries = [...(hasMore ? [] : opening(ticket)), ...items.toReversed()];
  return { ticket, entries, hasMore, names: known };
}

/** What the customer began with: the ticket's own text, not one of its comments. */
function opening({ id, description, requester, createdAt }: Ticket): readonly Entry[] {
  if (description === null || description === '') return [];
  const name = requester?.name ?? requester?.email;
  const author = { role: 'customer' as const, ...(name === undefined ? {} : { name }) };
  const comment = { id, visibility: 'public' as const, body: description, author, isDeleted: false };
  return [{ id: `opening.${id}`, at: createdAt, type: 'comment', comment }];
}

type Conversation = Awaited<ReturnType<typeof readConversation>>;

const nameIn = (names: Conversation['names']) => (connection: string) =>
  names.get(connection) ?? 'another system';

function Days({ ticket, entries, names }: Omit<Conversation, 'hasMore'>) {
  const days = Map.groupBy(entries, ({ at }) => day(at));
  const nameOf = nameIn(names);
  return [...days].map(([name, ofDay]) => (
    <section key={name} aria-label={name}>
      <h2 class="day">{name}</h2>
      <ol class="timeline">
        {ofDay.map((entry) => (
          <TimelineEntry key={entry.id} entry={entry} ticket={ticket.id} nameOf={nameOf} />
        ))}
      </ol>
    </section>
  ));
}

export function ConversationPage({ id }: { readonly id: string }) {
  const desk = useDesk();
  const [pages, setPages] = useState(1);
  const read = () => readConversation(desk, id, pages);
  const { value, error, freshAtMs, refresh } = usePolling(read, EVERY_MS, `${id} ${pages}`);
  return (
    <>
      <a class="back" href="#/conversations">
        All conversations
      </a>
      <div class="title">
        <div class="subject">
          <h1>{value?.ticket.subject ?? 'Conversation'}</h1>
          {value !== undefined && (
            <Why
              what="subject"
              asked={[{ record: value.ticket.id, field: 'subject' }]}
              nameOf={nameIn(value.names)}
            />
          )}
        </div>
        <Freshness freshAtMs={freshAtMs} error={error} />
      </div>
      {value !== undefined && (
        <>
          <Summary ticket={value.ticket} names={value.names} nameOf={nameIn(value.names)} />
          {value.hasMore && (
            <button type="button" class="more" onClick={() => setPages(pages + 1)}>
              Show what came before
            </button>
          )}
          <div role="log" aria-label="Timeline" aria-live="polite">
            <Days {...value} />
          </div>
          {!value.ticket.isDeleted && <SendFile ticket={value.ticket.id} onSent={refresh} />}
        </>
      )}
    </>
  );
}
