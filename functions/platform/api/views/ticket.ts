import type {
  AttachmentView,
  CommentView,
  NewFile,
  Stored,
  TicketView,
  TimelineEntry,
  UploadAddress,
} from '../../../../shared/ports/index.ts';
import { customOf } from './custom.ts';
import { isoTime } from './time.ts';

export function ticketBody(ticket: TicketView) {
  const { subject = null, description = null, status = null, priority = null } = ticket.fields;
  return {
    id: ticket.id,
    revision: ticket.revision,
    subject,
    description,
    status,
    priority,
    custom: customOf(ticket.fields),
    requester: ticket.requester ?? null,
    links: ticket.links,
    isDeleted: ticket.isDeleted,
    createdAt: isoTime(ticket.createdAtMs),
    updatedAt: isoTime(ticket.updatedAtMs),
  };
}

export function commentBody(comment: CommentView) {
  const { role, name } = comment.author;
  return {
    id: comment.id,
    ticket: comment.ticket,
    visibility: comment.visibility,
    body: comment.body,
    author: name === undefined ? { role } : { role, name },
    isDeleted: comment.isDeleted,
    createdAt: isoTime(comment.createdAtMs),
    updatedAt: isoTime(comment.updatedAtMs),
  };
}

export function attachmentBody({ createdAtMs, updatedAtMs, ...attachment }: AttachmentView) {
  return { ...attachment, createdAt: isoTime(createdAtMs), updatedAt: isoTime(updatedAtMs) };
}

export function uploadBody(
  upload: NewFile & Stored & Pick<AttachmentView, 'id' | 'ticket' | 'visibility'>,
  { url, headers, expiresAtMs }: UploadAddress,
  completeByMs: number,
) {
  const put = { url, headers, expiresAt: isoTime(expiresAtMs) };
  return { ...upload, put, completeBy: isoTime(completeByMs) };
}

export function entryBody(entry: TimelineEntry) {
  const { atMs, ...rest } = entry;
  const at = isoTime(atMs);
  if (rest.type === 'comment') return { ...rest, at, comment: commentBody(rest.comment) };
  if (rest.type === 'attachment') return { ...rest, at, attachment: attachmentBody(rest.attachment) };
  if (rest.type !== 'conflict') return { ...rest, at };
  const { lostAtMs, ...conflict } = rest;
  return { ...conflict, at, lostAt: isoTime(lostAtMs) };
}
