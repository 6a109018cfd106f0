import type { Attachment } from '../attachment.ts';
import type { Comment, Entry } from '../client.ts';
import { actorName, clockTime, duration, entryText, FAULT_NAMES, sentence } from '../words.ts';
import { Download } from './download.tsx';
import { Restore } from './restore.tsx';
import { type Asked, Why } from './why-dialog.tsx';

interface Props {
  readonly entry: Entry;
  readonly ticket: string;
  readonly nameOf: (connection: string) => string;
}

const ROLES = { customer: 'Customer', agent: 'Agent', system: 'Deskbridge' } as const;

/** The ticket's own text opens it, and is as visible as the ticket. */
const askedOf = (comment: Comment, ticket: string): readonly Asked[] =>
  comment.id === ticket
    ? [{ record: ticket, field: 'description' }]
    : [
        { record: comment.id, field: 'body', name: 'Text' },
        { record: comment.id, field: 'visibility', name: 'Who may see it' },
      ];

function Message({ comment, ticket, nameOf }: Omit<Props, 'entry'> & { readonly comment: Comment }) {
  const { author, visibility, body, isDeleted } = comment;
  return (
    <div class={`message ${author.role} ${visibility}`}>
      <p class="who">
        <strong>{author.name ?? ROLES[author.role]}</strong>
        <span>{author.name === undefined ? '' : ROLES[author.role]}</span>
        {visibility === 'internal' && <span class="note">Internal note</span>}
        <Why what="message" asked={askedOf(comment, ticket)} nameOf={nameOf} />
      </p>
      {isDeleted ? <p class="gone">This message was deleted.</p> : <p class="body">{body}</p>}
    </div>
  );
}

const askedOfFile = ({ id }: Attachment): readonly Asked[] => [
  { record: id, field: 'name', name: 'Name' },
  { record: id, field: 'visibility', name: 'Who may see it' },
];

type Conflict = Extract<Entry, { type: 'conflict' }>;

/** Who wrote what lost and what stayed, and when: what a person needs to choose. */
function Sides({ conflict }: { readonly conflict: Conflict }) {
  const { source, lostAt, keptBy, reason } = conflict;
  return (
    <span class="sides">
      {actorName(source)} at {clockTime(lostAt)} against {actorName(keptBy)}: {reason}
    </span>
  );
}

export function TimelineEntry({ entry, ticket, nameOf }: Props) {
  const lagMs = entry.type === 'effect' ? entry.lagMs : undefined;
  return (
    <li class={`entry ${entry.type}`}>
      <time dateTime={entry.at}>{clockTime(entry.at)}</time>
      <i aria-hidden="true" />
      {entry.type === 'comment' ? (
        <Message comment={entry.comment} ticket={ticket} nameOf={nameOf} />
      ) : (
        <p class="event">
          {sentence(entryText(entry, nameOf))}
          {lagMs !== undefined && <span class="took">{duration(lagMs)}</span>}
          {entry.type === 'conflict' && <Sides conflict={entry} />}
          {entry.type === 'parked' && <span class={`fault ${entry.fault}`}>{FAULT_NAMES[entry.fault]}</span>}
          {entry.type === 'attachment' && (
            <>
              <Download file={entry.attachment} />
              <Why what="file" asked={askedOfFile(entry.attachment)} nameOf={nameOf} />
            </>
          )}
          {entry.type === 'conflict' && (
            <Restore conflict={entry} of={{ at: 'tickets', id: ticket }} names={entry.names} />
          )}
        </p>
      )}
    </li>
  );
}
