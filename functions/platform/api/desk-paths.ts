/** The routes of `routes/desk.ts`, as data: by these the public API leads to the function that holds tokens. */
export const DESK_PATHS = {
  '/v1/connections': ['POST'],
  '/v1/connections/{connection}': ['DELETE'],
  '/v1/connections/{connection}/secrets': ['PUT'],
  '/v1/connections/{connection}/authorize': ['POST'],
  '/v1/connections/{connection}/check': ['POST'],
  '/v1/connections/{connection}/mapping': ['GET', 'PUT'],
  '/v1/connections/{connection}/mapping/suggestion': ['POST'],
  '/v1/connections/{connection}/mapping/validation': ['POST'],
  '/v1/connections/{connection}/mapping/preview': ['POST'],
  '/oauth/callback': ['GET'],
} as const satisfies Readonly<Record<string, readonly ('GET' | 'POST' | 'PUT' | 'DELETE')[]>>;
