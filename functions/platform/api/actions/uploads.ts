import type { RecordId } from '../../../../shared/domain/index.ts';
import { ConflictError, InvalidInputError, InvariantError } from '../../../../shared/errors.ts';
import type { NewFile, Stored } from '../../../../shared/ports/index.ts';
import type { Action } from '../call.ts';
import { attachmentBody, uploadBody } from '../views/ticket.ts';
import { edit } from './edit.ts';
import { findTicket } from './find-ticket.ts';

/** The bytes go past the API, to an address that takes these and no others. */
export const announceUpload: Action = async (call, deps) => {
  const { organization } = call.caller;
  const { id: ticket } = await findTicket(call, deps);
  const file = call.body as unknown as NewFile & Stored;
  const { visibility } = await deps.engine.admit({ organization, root: ticket, file });
  const id = (await deps.reservations.idFor(call.caller, call.idempotencyKey, [ticket, file])) as RecordId;
  const { address, completeByMs } = await deps.uploads.announce(organization, id, { ticket, file });
  return { status: 201, body: uploadBody({ ...file, id, ticket, visibility }, address, completeByMs) };
};

export const completeUpload: Action = async (call, deps) => {
  const { organization } = call.caller;
  const id = call.path.upload as RecordId;
  const { ticket, edit: wanted } = await deps.uploads.arrived(organization, id);
  await edit(call, deps, wanted, ticket).catch((cause) => {
    // What was let in when it was announced; nothing of this request is wrong.
    if (!(cause instanceof InvalidInputError)) throw cause;
    throw new ConflictError(cause.message, { cause });
  });
  const made = await deps.reading.attachment(organization, id);
  if (made === undefined) throw new InvariantError('a file that was just made cannot be read');
  const headers = { location: `/v1/attachments/${encodeURIComponent(id)}` };
  return { status: 201, body: attachmentBody(made), headers };
};
