import { randomBytes } from 'node:crypto';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { createRegister, storeAudit } from '../../../shared/connections/index.ts';
import type { ConnectionId, OrganizationId } from '../../../shared/domain/index.ts';
import {
  hmacSha256Hex,
  inbound,
  isSignedByAny,
  presentSecrets,
  readJson,
} from '../../../shared/http/index.ts';
import type { Authenticity } from '../../../shared/ports/index.ts';
import { type MemoryPlatform, memoryPlatform } from '../../memory/platform.ts';
import { acme, globex, manifest } from '../connections/model.ts';

export const SECRET = 'canary-signing-secret';
export const BODY = JSON.stringify({ id: 'e1', group: 'g1', text: 'canary words of a customer' });
/** How often a signature was looked at. */
export const looks = { verified: 0 };

export const authenticity: Authenticity = {
  name: 'verifyModel',
  verify(request, secrets) {
    looks.verified += 1;
    const given = request.headers['x-signature'] ?? '';
    const known = presentSecrets(secrets, ['signingSecret', 'previousSigningSecret']);
    return isSignedByAny(given, known, request.body) ? 'authentic' : 'not-authentic';
  },
  route(request) {
    if (request.rawQuery === 'challenge=42') {
      return { answer: { status: 200, headers: { 'content-type': 'text/plain' }, body: '42' } };
    }
    try {
      const { id, group } = readJson(request.body) as { id?: string; group?: string };
      if (group === 'nothing') return 'ignore';
      return id === undefined || group === undefined ? 'unreadable' : { eventId: id, group };
    } catch {
      return 'unreadable';
    }
  },
};

export interface Sent {
  readonly connection?: string;
  readonly body?: string | Buffer;
  readonly signature?: string;
  readonly isBase64?: boolean;
  readonly query?: string;
  readonly headers?: Record<string, string>;
}

/** An inbound function whose door three connections stand behind, one of them another integration’s. */
export async function world(over: Partial<MemoryPlatform> = {}) {
  const platform = memoryPlatform(over);
  const { clock, random, bus, stores } = platform;
  const audit = storeAudit({ store: stores.audit, random });
  const register = createRegister({ store: stores.connections, clock, random, audit, bus });
  const connect = async (id: string, organization: OrganizationId, integration = 'model') => {
    const bodyKey = randomBytes(32).toString('base64');
    await platform.secretsWriter.put(id as ConnectionId, { signingSecret: `${SECRET}-${id}`, bodyKey });
    const given = { organization, integration, name: 'M', baseUrl: 'https://vendor.example', settings: {} };
    return register.create({ ...given, id: id as ConnectionId }, 'user:ann');
  };
  await connect('c1', acme);
  await connect('c2', globex);
  await connect('c3', acme, 'other');
  const handler = inbound(manifest, authenticity, platform);
  const send = async ({
    connection = 'c1',
    body = BODY,
    isBase64 = false,
    query = '',
    headers,
    ...rest
  }: Sent = {}) => {
    const signature = rest.signature ?? hmacSha256Hex(`${SECRET}-${connection}`, body);
    const event = {
      rawPath: `/webhooks/model/${connection}`,
      rawQueryString: query,
      headers: { 'x-signature': signature, 'content-type': 'application/json', ...headers },
      pathParameters: { connection },
      requestContext: { http: { method: 'POST' } },
      body: Buffer.from(body).toString(isBase64 ? 'base64' : 'utf8'),
      isBase64Encoded: isBase64,
    } as unknown as APIGatewayProxyEventV2;
    return (await handler(event, {} as Context)) as APIGatewayProxyStructuredResultV2;
  };
  const count = (name: string) => platform.telemetry.metrics.filter((metric) => metric.name === name).length;
  return { platform, send, count, connect };
}

/** Inbox rows; the marks the door counts by stand beside them. */
export const rowsIn = (platform: MemoryPlatform) =>
  platform.stores.records.items().filter(({ pk }) => pk.includes('#inbox#'));

export const isStored = (platform: MemoryPlatform) =>
  platform.stores.records.items().length + platform.queues.changes.size + platform.queues.deltas.size > 0;
