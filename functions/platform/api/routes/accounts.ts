import { listAccounts, readAccount } from '../actions/accounts.ts';
import type { Route } from '../call.ts';
import { GET, page } from './parts.ts';

/** The companies that customers belong to. */
export const accountsRoutes: readonly Route[] = [
  {
    method: GET,
    path: '/v1/accounts',
    summary: 'All accounts, newest activity first',
    scope: 'tickets:read',
    query: page,
    answer: { status: 200, schema: 'AccountPage' },
    action: listAccounts,
  },
  {
    method: GET,
    path: '/v1/accounts/{account}',
    summary: 'One account: a company that customers belong to',
    scope: 'tickets:read',
    answer: { status: 200, schema: 'Account' },
    action: readAccount,
  },
];
