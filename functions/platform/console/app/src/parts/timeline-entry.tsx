import type { Comment, Entry } from '../client.ts';
import { clockTime, duration, entryText, sentence } from '../words.ts';

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

interface Props {
  readonly entry: Entry;
  readonly nameOf: (connection: string) => string;
}

export function TimelineEntry({ entry, nameOf }: Props) {
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
        </p>
      )}
    </li>
  );
}
