/** A client-credentials token of the development issuer. */
export async function agentToken(
  issuerUrl: string,
  audience: string,
  client: { readonly clientId: string; readonly clientSecret: string },
): Promise<string> {
  const basic = Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
  const response = await fetch(`${issuerUrl}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      resource: audience,
      scope: scopes.join(' '),
    }),
  });
  const answer = (await response.json()) as { access_token?: string };
  if (answer.access_token !== undefined) return answer.access_token;
  throw new Error(`the issuer answered ${response.status} instead of a token`);
}

export const scopes = [
  'tickets:read',
  'tickets:write',
  'connections:read',
  'connections:write',
  'operations:write',
] as const;
