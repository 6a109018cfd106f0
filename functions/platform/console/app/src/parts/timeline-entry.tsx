import { useState } from 'preact/hooks';
import type { Comment, Entry } from '../client.ts';
import { clockTime, duration, entryText, sentence } from '../words.ts';
import { useDesk } from './desk.ts';

const ROLES = { customer: 'Customer', agent: 'Agent', system: 'Deskbridge' } as const;

function Message({ comment }: { readonly comment: Comment }) {
  const { author, visibility, body, isDeleted } = comment;
  return (
    <div class={`message ${author.role} ${visibility}`}>
      <p class="who">
        <strong>{author.name ?? ROLES[author.role]}</strong>
        <span>{author.name === undefined ? '' : ROLES[author.role]}</span>
        {visibility === 'internal' && <span class="note">Internal note</span>}
      </p>
      {isDeleted ? <p class="gone">This message was deleted.</p> : <p class="body">{body}</p>}
    </div>
  );
}

type Conflict = Extract<Entry, { type: 'conflict' }>;

/** What the API lets a person set; a message keeps what its author made of it. */
const RESTORABLE = ['subject', 'status', 'priority'];

/** The value that lost comes back in one action, by whoever may change tickets. */
function Restore({ conflict, ticket }: { readonly conflict: Conflict; readonly ticket: string }) {
  const { client, may } = useDesk();
  const [said, setSaid] = useState('');
  const { id, field, lost } = conflict;
  if (!may('tickets:write') || !RESTORABLE.includes(field) || typeof lost !== 'string') return null;
  const restore = async () => {
    // The entry's own id: pressing twice restores once.
    const key = `restore-${ticket}-${id}`;
    await client
      .patch(`/v1/tickets/${encodeURIComponent(ticket)}`, { [field]: lost }, key)
      .then(() => setSaid('Restored.'))
      .catch((error: Error) => setSaid(sentence(error.message)));
  };
  return (
    <>
      <button type="button" class="small" onClick={restore}>
        Restore “{lost}”
      </button>
      <output>{said}</output>
    </>
  );
}

interface Props {
  readonly entry: Entry;
  readonly ticket: string;
  readonly nameOf: (connection: string) => string;
}

export function TimelineEntry({ entry, ticket, nameOf }: Props) {
  const lagMs = entry.type === 'effect' ? entry.lagMs : undefined;
  return (
    <li class={`entry ${entry.type}`}>
      <time dateTime={entry.at}>{clockTime(entry.at)}</time>
      <i aria-hidden="true" />
      {entry.type === 'comment' ? (
        <Message comment={entry.comment} />
      ) : (
        <p class="event">
          {sentence(entryText(entry, nameOf))}
          {lagMs !== undefined && <span class="took">{duration(lagMs)}</span>}
          {entry.type === 'conflict' && <Restore conflict={entry} ticket={ticket} />}
        </p>
      )}
    </li>
  );
}
