import type { RecordId } from '../../../../shared/domain/index.ts';
import type { Action } from '../call.ts';
import { nothingThere } from './find-ticket.ts';

/** The bytes go past the API: an address for them, good for about a minute and for nothing else. */
export const readContent: Action = async ({ caller, path }, { reading, addressOf }) => {
  const content = await reading.content(caller.organization, path.attachment as RecordId);
  if (content === undefined) throw nothingThere();
  const { key, name, type } = content;
  return { status: 302, headers: { location: await addressOf(key, { name, type }) } };
};
