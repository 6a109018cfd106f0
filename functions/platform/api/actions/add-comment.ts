import type { Visibility } from '../../../../shared/domain/index.ts';
import { InvariantError } from '../../../../shared/errors.ts';
import type { Action } from '../call.ts';
import { commentBody } from '../views/ticket.ts';
import { edit } from './edit.ts';
import { findTicket } from './find-ticket.ts';

interface NewComment {
  readonly body: string;
  readonly visibility: Visibility;
  readonly authorName?: string;
}

/** A public reply goes to the customer, an internal note to connectors only; the engine sees to both. */
export const addComment: Action = async (call, deps) => {
  const { organization, displayName } = call.caller;
  const { id: root } = await findTicket(call, deps);
  const { body, visibility, authorName = displayName } = call.body as unknown as NewComment;
  const { comment } = await edit(call, deps, { edit: 'comment', visibility, body, authorName });
  const made = comment && (await deps.reading.comment(organization, root, comment));
  if (made === undefined) throw new InvariantError('a comment that was just made cannot be read');
  return { status: 201, body: commentBody(made) };
};
