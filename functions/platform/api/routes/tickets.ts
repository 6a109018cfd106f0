import { addComment } from '../actions/add-comment.ts';
import { changeTicket } from '../actions/change-ticket.ts';
import { listAttachments } from '../actions/list-attachments.ts';
import { listComments } from '../actions/list-comments.ts';
import { listConversations, listTickets } from '../actions/list-tickets.ts';
import { readAttachment } from '../actions/read-attachment.ts';
import { readContent, readContentAddress } from '../actions/read-content.ts';
import { readTicket } from '../actions/read-ticket.ts';
import { readTimeline } from '../actions/read-timeline.ts';
import { readWhy } from '../actions/read-why.ts';
import { restoreConflict } from '../actions/restore-conflict.ts';
import { announceUpload, completeUpload } from '../actions/uploads.ts';
import type { Route } from '../call.ts';
import { GET, POST, page, pageInOrder, status } from './parts.ts';

/** Conversations and tickets: what was said, what happened, and why. */
export const ticketsRoutes: readonly Route[] = [
  {
    method: GET,
    path: '/v1/conversations',
    summary: 'Tickets that a channel holds as conversations, newest activity first',
    scope: 'tickets:read',
    query: { ...page, status },
    answer: { status: 200, schema: 'TicketPage' },
    action: listConversations,
  },
  {
    method: GET,
    path: '/v1/conversations/{conversation}',
    summary: 'One conversation',
    scope: 'tickets:read',
    answer: { status: 200, schema: 'Ticket' },
    action: readTicket,
  },
  {
    method: GET,
    path: '/v1/conversations/{conversation}/messages',
    summary: 'Messages and notes of a conversation, in the order they were said',
    scope: 'tickets:read',
    query: pageInOrder,
    answer: { status: 200, schema: 'CommentPage' },
    action: listComments,
  },
  {
    method: POST,
    path: '/v1/conversations/{conversation}/messages',
    summary: 'Reply to the customer, or leave an internal note',
    scope: 'tickets:write',
    body: 'NewComment',
    isIdempotent: true,
    answer: { status: 201, schema: 'Comment' },
    action: addComment,
  },
  {
    method: GET,
    path: '/v1/conversations/{conversation}/timeline',
    summary: 'Everything that happened in a conversation, in its order',
    scope: 'tickets:read',
    query: pageInOrder,
    answer: { status: 200, schema: 'TimelinePage' },
    action: readTimeline,
  },
  {
    method: GET,
    path: '/v1/tickets',
    summary: 'All tickets, newest activity first',
    scope: 'tickets:read',
    query: { ...page, status },
    answer: { status: 200, schema: 'TicketPage' },
    action: listTickets,
  },
  {
    method: GET,
    path: '/v1/tickets/{ticket}',
    summary: 'One ticket',
    scope: 'tickets:read',
    answer: { status: 200, schema: 'Ticket' },
    action: readTicket,
  },
  {
    method: 'PATCH',
    path: '/v1/tickets/{ticket}',
    summary: 'Change status, priority or subject',
    scope: 'tickets:write',
    body: 'TicketChange',
    isIdempotent: true,
    answer: { status: 200, schema: 'Ticket' },
    action: changeTicket,
  },
  {
    method: GET,
    path: '/v1/tickets/{ticket}/comments',
    summary: 'Comments and notes of a ticket, in the order they were said',
    scope: 'tickets:read',
    query: pageInOrder,
    answer: { status: 200, schema: 'CommentPage' },
    action: listComments,
  },
  {
    method: POST,
    path: '/v1/tickets/{ticket}/comments',
    summary: 'Add a public reply or an internal note',
    scope: 'tickets:write',
    body: 'NewComment',
    isIdempotent: true,
    answer: { status: 201, schema: 'Comment' },
    action: addComment,
  },
  {
    method: GET,
    path: '/v1/tickets/{ticket}/attachments',
    summary: 'Files of a ticket and of its comments, oldest first',
    scope: 'tickets:read',
    query: page,
    answer: { status: 200, schema: 'AttachmentPage' },
    action: listAttachments,
  },
  {
    method: POST,
    path: '/v1/tickets/{ticket}/uploads',
    summary: 'Say which file you will send, and be told where to',
    scope: 'tickets:write',
    body: 'NewUpload',
    isIdempotent: true,
    answer: { status: 201, schema: 'Upload' },
    action: announceUpload,
  },
  {
    method: POST,
    path: '/v1/uploads/{upload}/complete',
    summary: 'The bytes have been sent: make the file, and send it on',
    scope: 'tickets:write',
    isIdempotent: true,
    answer: { status: 201, schema: 'Attachment', location: 'The attachment.' },
    action: completeUpload,
  },
  {
    method: GET,
    path: '/v1/attachments/{attachment}',
    summary: 'One file, and where it stands',
    scope: 'tickets:read',
    answer: { status: 200, schema: 'Attachment' },
    action: readAttachment,
  },
  {
    method: GET,
    path: '/v1/attachments/{attachment}/content',
    summary: 'The bytes of a file: where they can be had for a minute',
    scope: 'tickets:read',
    answer: { status: 302, location: 'The file itself, without a token.' },
    action: readContent,
  },
  {
    method: GET,
    path: '/v1/attachments/{attachment}/address',
    summary: 'The same address told, for a page that cannot follow a redirect',
    scope: 'tickets:read',
    answer: { status: 200, schema: 'ContentAddress' },
    action: readContentAddress,
  },
  {
    method: GET,
    path: '/v1/tickets/{ticket}/timeline',
    summary: 'Everything that happened to a ticket, in its order',
    scope: 'tickets:read',
    query: pageInOrder,
    answer: { status: 200, schema: 'TimelinePage' },
    action: readTimeline,
  },
  {
    method: GET,
    path: '/v1/tickets/{ticket}/why/{field}',
    summary: 'Why a field has its value: the chain of changes behind it, newest first',
    scope: 'tickets:read',
    query: {
      record: {
        type: 'string',
        minLength: 1,
        maxLength: 128,
        description: 'A comment of the ticket, its customer or their company; left out, the ticket itself.',
      },
    },
    answer: { status: 200, schema: 'FieldStory' },
    action: readWhy,
  },
  {
    method: POST,
    path: '/v1/tickets/{ticket}/conflicts/{conflict}/restore',
    summary: 'Bring back a value that lost, of the ticket, a comment, its customer or their company',
    scope: 'tickets:write',
    isIdempotent: true,
    answer: { status: 200, schema: 'RestoreResult' },
    action: restoreConflict,
  },
];
