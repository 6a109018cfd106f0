import type { AnyRoute, Route } from './call.ts';
import { accountsRoutes } from './routes/accounts.ts';
import { backfillsRoutes } from './routes/backfills.ts';
import { connectionsRoutes } from './routes/connections.ts';
import { deskRoutes } from './routes/desk.ts';
import { operationsRoutes } from './routes/operations.ts';
import { parkedRoutes } from './routes/parked.ts';
import { publicRoutes } from './routes/public.ts';
import { recordsRoutes } from './routes/records.ts';
import { ticketsRoutes } from './routes/tickets.ts';

export const apiRoutes: readonly Route[] = [
  ...ticketsRoutes,
  ...accountsRoutes,
  ...recordsRoutes,
  ...connectionsRoutes,
  ...backfillsRoutes,
  ...parkedRoutes,
  ...operationsRoutes,
  ...publicRoutes,
];

/** The whole API, of both functions: its OpenAPI document and its tenancy attack are read from here. */
export const routes: readonly AnyRoute[] = [...apiRoutes, ...deskRoutes];
