import { connect, createServer, type Socket } from 'node:net';
import { listenOnLoopback } from '../../bin/local/http-server.ts';
import { type Units, unitsOf } from './units.ts';

/** Calls that passed: by operation as its API names it (`PutItem`, `PutEvents`), and by the function that made them. */
export interface Counts {
  readonly operations: ReadonlyMap<string, number>;
  readonly functions: ReadonlyMap<string, number>;
  /** Of the tables. */
  readonly units: Units;
}

/** One request's head, as far as anybody counts it. */
interface Head {
  readonly operation: string;
  readonly caller: string;
  readonly isTable: boolean;
}

/**
 * Stands before AWS endpoints and counts what functions ask of them. Bytes pass as they come and answers are not
 * looked at: a proxy that took every request apart would be a fifth of what it measures.
 */
export function createTap() {
  let counts = nothingYet();
  const settled = new Map<string, number>();
  const closing: (() => void)[] = [];
  const onHead = ({ operation, caller }: Head): void => {
    counts.operations.set(operation, (counts.operations.get(operation) ?? 0) + 1);
    counts.functions.set(caller, (counts.functions.get(caller) ?? 0) + 1);
  };
  const onBody = ({ operation, isTable }: Head, body: string): void => {
    if (isTable) {
      const { reads, writes } = unitsOf(operation, body);
      counts.units.reads += reads;
      counts.units.writes += writes;
    }
    if (operation === 'TransactWriteItems') noteSettled(settled, body);
  };
  const tap = async (url: string): Promise<string> => {
    const { hostname, port } = new URL(url);
    const sockets = new Set<Socket>();
    const server = createServer({ noDelay: true }, (incoming) => {
      const onward = connect({ host: hostname, port: Number(port), noDelay: true });
      const look = requestsIn(onHead, onBody);
      incoming.on('data', look);
      incoming.pipe(onward).pipe(incoming);
      for (const [socket, other] of [
        [incoming, onward],
        [onward, incoming],
      ] as const) {
        sockets.add(socket);
        socket.on('error', () => other.destroy());
        socket.on('close', () => {
          sockets.delete(socket);
          other.destroy();
        });
      }
    });
    closing.push(() => {
      server.close();
      for (const socket of sockets) socket.destroy();
    });
    return `http://127.0.0.1:${await listenOnLoopback(server)}`;
  };
  return {
    tap,
    /** When the hub first wrote down that a Salesforce comment is linked: it has its answer by then. By comment id. */
    settled: settled as ReadonlyMap<string, number>,
    /** What has passed since the last call. */
    take(): Counts {
      const taken = counts;
      counts = nothingYet();
      return taken;
    },
    close(): void {
      for (const close of closing) close();
    },
  };
}

const nothingYet = () => ({
  operations: new Map<string, number>(),
  functions: new Map<string, number>(),
  units: { reads: 0, writes: 0 },
});

const END_OF_HEAD = '\r\n\r\n';

/** Follows the requests of one connection, each with its length, as the SDK sends them. */
export function requestsIn(onHead: (head: Head) => void, onBody: (head: Head, body: string) => void) {
  let rest = '';
  let head: (Head & { readonly length: number }) | undefined;
  return (chunk: Buffer): void => {
    rest += chunk.toString('latin1');
    for (;;) {
      if (head === undefined) {
        const end = rest.indexOf(END_OF_HEAD);
        if (end < 0) return;
        head = headOf(rest.slice(0, end));
        rest = rest.slice(end + END_OF_HEAD.length);
        onHead(head);
      }
      if (rest.length < head.length) return;
      onBody(head, rest.slice(0, head.length));
      rest = rest.slice(head.length);
      head = undefined;
    }
  };
}

function headOf(text: string): Head & { readonly length: number } {
  const target = /^x-amz-target: *\S*?([^.\s]+)\r?$/im.exec(text)?.[1];
  const caller = /^authorization: *\S+ Credential=([^/]+)\//im.exec(text)?.[1];
  const length = /^content-length: *(\d+)/im.exec(text)?.[1];
  const isTable = /^x-amz-target: *DynamoDB_/im.test(text);
  return { operation: target ?? 'other', caller: caller ?? 'other', isTable, length: Number(length ?? 0) };
}

function noteSettled(settled: Map<string, number>, body: string): void {
  for (const [, id = ''] of body.matchAll(/#comment#(00a\w{15})/g)) {
    if (!settled.has(id)) settled.set(id, Date.now());
  }
}
