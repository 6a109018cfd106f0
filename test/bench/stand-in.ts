import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toAttributes } from '../../shared/adapters/aws/store/items.ts';
import type { Item } from '../../shared/ports/index.ts';

interface StandInOptions {
  /** What a read of the tables finds. */
  readonly items: readonly Item[];
  readonly secret: Readonly<Record<string, string>>;
}

type Answer = Record<string, unknown>;

/** Answers the few calls an inbound function makes, at once, so that only the caller's own work is measured. */
export async function startAwsStandIn(options: StandInOptions) {
  const items = new Map(options.items.map((item) => [`${item.pk}\n${item.sk}`, toAttributes(item, 'bench')]));
  const answers: Readonly<Record<string, (request: Record<string, unknown>) => Answer>> = {
    GetItem: ({ Key }) => {
      const { pk, sk } = Key as { pk: { S: string }; sk: { S: string } };
      const found = items.get(`${pk.S}\n${sk.S}`);
      return found === undefined ? {} : { Item: found };
    },
    PutItem: () => ({}),
    TransactWriteItems: () => ({}),
    SendMessage: ({ MessageBody }) => ({
      MessageId: 'bench',
      MD5OfMessageBody: createHash('md5').update(String(MessageBody)).digest('hex'),
    }),
    GetSecretValue: ({ SecretId }) => ({
      ARN: String(SecretId),
      Name: String(SecretId),
      SecretString: JSON.stringify(options.secret),
    }),
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const operation = String(request.headers['x-amz-target']).split('.').at(-1) ?? '';
      const answer = answers[operation]?.(JSON.parse(Buffer.concat(chunks).toString('utf8')));
      response.writeHead(answer === undefined ? 400 : 200, { 'content-type': 'application/x-amz-json-1.0' });
      response.end(JSON.stringify(answer ?? { __type: 'UnknownOperationException', message: operation }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    environment: {
      AWS_ENDPOINT_URL: url,
      CHANGES_QUEUE_URL: `${url}/000000000000/changes.fifo`,
    },
    close: () => new Promise<void>((resolve) => void server.close(() => resolve())),
  };
}
