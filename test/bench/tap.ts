import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Calls that passed, by operation as its API names it: `PutItem`, `SendMessage`, `PutEvents`. */
export type Counts = ReadonlyMap<
  string,
  { readonly calls: number; readonly bytes: number; readonly ms: number }
>;

/** Stands before AWS endpoints and counts what functions ask of them. */
export function createTap() {
  const counts = new Map<string, { calls: number; bytes: number; ms: number }>();
  const settled = new Map<string, number>();
  const closing: (() => void)[] = [];
  const tap = async (url: string): Promise<string> => {
    const server = createServer((incoming, outgoing) => {
      const operation =
        String(incoming.headers['x-amz-target'] ?? 'other')
          .split('.')
          .at(-1) ?? 'other';
      const count = counts.get(operation) ?? { calls: 0, bytes: 0, ms: 0 };
      const startedAtMs = performance.now();
      count.calls += 1;
      count.bytes += Number(incoming.headers['content-length'] ?? 0);
      counts.set(operation, count);
      if (operation === 'TransactWriteItems') {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => noteSettled(settled, Buffer.concat(chunks).toString('latin1')));
      }
      const { method, url: path, headers } = incoming;
      const onward = request(new URL(path ?? '/', url), { method: method ?? 'POST', headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
        answer.on('end', () => {
          count.ms += performance.now() - startedAtMs;
        });
      });
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      server.close();
      server.closeAllConnections();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  return {
    tap,
    /** When the hub first wrote down that a Salesforce comment is linked: it has its answer by then. By comment id. */
    settled: settled as ReadonlyMap<string, number>,
    /** What has passed since the last call. */
    take(): Counts {
      const taken = new Map(counts);
      counts.clear();
      return taken;
    },
    close(): void {
      for (const close of closing) close();
    },
  };
}

function noteSettled(settled: Map<string, number>, body: string): void {
  for (const [, id = ''] of body.matchAll(/#comment#(00a\w{15})/g)) {
    if (!settled.has(id)) settled.set(id, Date.now());
  }
}
