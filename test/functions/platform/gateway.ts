import { api } from '../../../functions/platform/api/api.ts';
import { apiDeps, type Contents } from '../../../functions/platform/api/compose.ts';
import { deskDeps } from '../../../functions/platform/api/compose-desk.ts';
import type { VerifyToken } from '../../../functions/platform/api/deps.ts';
import { match } from '../../../functions/platform/api/match.ts';
import { deskRoutes } from '../../../functions/platform/api/routes/desk.ts';
import { apiRoutes, routes } from '../../../functions/platform/api/routes.ts';
import type { ConnectionId } from '../../../shared/domain/index.ts';
import type { Platform } from '../../../shared/ports/index.ts';

export const publicUrl = 'https://hub.example';

/** The functions behind the public API, as their entries compose them, and which of them a request is led to. */
export function gateway(platform: Platform, verify: VerifyToken, contents: Contents) {
  const settings = {
    issuer: 'https://issuer.example',
    audience: `${publicUrl}/v1`,
    secretNameOf: (id: ConnectionId) => `deskbridge/test/connections/${id}`,
  };
  const desk = api({ ...deskDeps(platform, settings), verify }, deskRoutes);
  const rest = api({ ...apiDeps(platform, settings, contents), verify }, apiRoutes, routes);
  return (method = 'GET', path: string) =>
    match(deskRoutes, method, new URL(path, publicUrl).pathname).found === 'route' ? desk : rest;
}
