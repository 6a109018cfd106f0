import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One call a function made to AWS, as it went over the wire. */
export interface Call {
  /** As its API names it: `PutItem`, `SendMessage`, `PutEvents`. */
  readonly operation: string;
  readonly body: string;
  readonly status: number;
}

/** Stands before the AWS endpoints of a hub: keeps what functions say there, and can have calls fail. */
export function wiretap() {
  const calls: Call[] = [];
  const closing: (() => void)[] = [];
  let refuses: (operation: string, body: string) => boolean = () => false;

  const pass = async (url: string, incoming: IncomingMessage, outgoing: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const operation = String(incoming.headers['x-amz-target'] ?? 'other').replace(/^.*\./, '');
    const keep = (status: number) => calls.push({ operation, body: bytes.toString('utf8'), status });
    if (refuses(operation, bytes.toString('utf8'))) {
      keep(500);
      outgoing.writeHead(500).end(JSON.stringify({ __type: 'InternalServerError' }));
      return;
    }
    const { method = 'POST', headers } = incoming;
    const onward = request(new URL(incoming.url ?? '/', url), { method, headers }, (answer) => {
      keep(answer.statusCode ?? 502);
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    onward.end(bytes);
  };

  return {
    calls: calls as readonly Call[],
    /** Calls that fit fail as an ailing service's do, until told otherwise. */
    refuse(fits: typeof refuses): void {
      refuses = fits;
    },
    async tap(url: string): Promise<string> {
      const server = createServer((incoming, outgoing) => {
        pass(url, incoming, outgoing).catch(() => outgoing.destroy());
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      closing.push(() => {
        server.close();
        server.closeAllConnections();
      });
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    close(): void {
      for (const close of closing.splice(0)) close();
    },
  };
}

export type Wiretap = ReturnType<typeof wiretap>;

/** Events that got a row of their own in this connection's inbox: the door's own count, not the hub's sums. */
export function acceptedAtTheDoor(calls: readonly Call[], connection: string): number {
  const rows = calls
    .filter(({ operation, status }) => WRITES.has(operation) && status === 200)
    .flatMap(({ body }) => putsOf(body))
    .filter(({ Item, ConditionExpression = '' }) => {
      const isRow = Item.sk.S === 'row' && Item.pk.S.includes(`#inbox#${connection}#`);
      return isRow && ConditionExpression.includes('attribute_not_exists(pk)');
    });
  return new Set(rows.map(({ Item }) => Item.pk.S)).size;
}

const WRITES = new Set(['PutItem', 'TransactWriteItems']);

interface Put {
  readonly Item: { readonly pk: { readonly S: string }; readonly sk: { readonly S: string } };
  readonly ConditionExpression?: string;
}

function putsOf(body: string): readonly Put[] {
  const asked = JSON.parse(body) as Partial<Put> & { TransactItems?: readonly { Put?: Put }[] };
  if (asked.TransactItems !== undefined) return asked.TransactItems.flatMap(({ Put }) => Put ?? []);
  return asked.Item === undefined ? [] : [asked as Put];
}
