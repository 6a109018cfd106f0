import { createSign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { World } from '../../bin/local/demo/world.ts';

const VERSION = 'v67.0';

interface Message {
  readonly type?: string;
  readonly challenge?: string;
  readonly event?: { readonly type?: string; readonly text?: string; readonly thread_ts?: string };
}

/**
 * The baseline of sync lag: Slack's event in, one REST call to Salesforce out, in one process that keeps nothing,
 * proves nothing and repeats nothing. What stands between it and the hub is the hub's price.
 */
export async function startRelay(world: World, caseOf: ReadonlyMap<string, string>) {
  const token = await tokenFor(world);
  const acknowledged = new Map<string, number>();
  const tell = async (text: string, ParentId: string): Promise<void> => {
    const url = `${world.description.sandboxes.salesforce.url}/services/data/${VERSION}/sobjects/CaseComment`;
    const answer = await fetch(url, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ParentId, CommentBody: text, IsPublished: true }),
    });
    if (!answer.ok) throw new Error(`the relay's comment was answered ${answer.status}`);
    acknowledged.set(text, Date.now());
  };
  const server = createServer(async (request, response) => {
    const { challenge, event } = JSON.parse(await textOf(request)) as Message;
    if (challenge !== undefined) return answered(response, { challenge });
    answered(response, {});
    const parent = caseOf.get(event?.thread_ts ?? '');
    if (event?.type === 'message' && event.text !== undefined && parent) await tell(event.text, parent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    acknowledged: acknowledged as ReadonlyMap<string, number>,
    close(): void {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** The JWT bearer flow: https://help.salesforce.com/s/articleView?id=xcloud.remoteaccess_oauth_jwt_flow.htm */
async function tokenFor({ description }: World): Promise<string> {
  const { url, consumerKey, username, privateKey } = description.sandboxes.salesforce;
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const exp = Math.floor(Date.now() / 1_000) + 180;
  const claims = { iss: consumerKey, sub: username, aud: 'https://login.salesforce.com', exp };
  const text = `${part({ alg: 'RS256' })}.${part(claims)}`;
  const signature = createSign('sha256').update(text).sign(privateKey, 'base64url');
  const answer = await fetch(`${url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
      assertion: `${text}.${signature}`,
    }),
  });
  const { access_token: token } = (await answer.json()) as { access_token?: string };
  if (token === undefined) throw new Error(`no token for the relay: ${answer.status}`);
  return token;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function answered(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
