import type { Route } from './call.ts';
import { backfillsRoutes } from './routes/backfills.ts';
import { connectionsRoutes } from './routes/connections.ts';
import { mappingRoutes } from './routes/mapping.ts';
import { operationsRoutes } from './routes/operations.ts';
import { parkedRoutes } from './routes/parked.ts';
import { publicRoutes } from './routes/public.ts';
import { ticketsRoutes } from './routes/tickets.ts';

/** The whole API: its dispatcher, its OpenAPI document and its tenancy attack are all read from here. */
export const routes: readonly Route[] = [
  ...ticketsRoutes,
  ...connectionsRoutes,
  ...backfillsRoutes,
  ...mappingRoutes,
  ...parkedRoutes,
  ...operationsRoutes,
  ...publicRoutes,
];
