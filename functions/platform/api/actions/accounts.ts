import type { RecordId } from '../../../../shared/domain/index.ts';
import type { Action } from '../call.ts';
import { accountBody } from '../views/account.ts';
import { pageBody, sliceOf } from '../views/page.ts';
import { nothingThere } from './find-ticket.ts';

export const listAccounts: Action = async (call, { reading }) => {
  const slice = await reading.accounts(call.caller.organization, sliceOf(call));
  return { status: 200, body: pageBody(slice, accountBody) };
};

export const readAccount: Action = async ({ caller, path }, { reading }) => {
  const account = await reading.account(caller.organization, path.account as RecordId);
  if (account === undefined) throw nothingThere();
  return { status: 200, body: accountBody(account) };
};
