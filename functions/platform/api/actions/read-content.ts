import type { RecordId } from '../../../../shared/domain/index.ts';
import type { Action, Call } from '../call.ts';
import type { ApiDeps } from '../deps.ts';
import { nothingThere } from './find-ticket.ts';

/** The bytes go past the API: an address for them, good for about a minute and for nothing else. */
async function addressOfContent({ caller, path }: Call, { reading, addressOf }: ApiDeps): Promise<string> {
  const content = await reading.content(caller.organization, path.attachment as RecordId);
  if (content === undefined) throw nothingThere();
  const { key, name, type } = content;
  return addressOf(key, { name, type });
}

export const readContent: Action = async (call, deps) => ({
  status: 302,
  headers: { location: await addressOfContent(call, deps) },
});

/** For a page: its script would take its token along through a redirect, or not be let through at all. */
export const readContentAddress: Action = async (call, deps) => ({
  status: 200,
  body: { url: await addressOfContent(call, deps) },
});
