import { describe, expect, it } from 'vitest';
import { requestsIn } from './tap.ts';

const request = (operation: string, caller: string, body: string): string =>
  [
    'POST / HTTP/1.1',
    `x-amz-target: DynamoDB_20120810.${operation}`,
    `content-length: ${Buffer.byteLength(body)}`,
    `authorization: AWS4-HMAC-SHA256 Credential=${caller}/20260101/eu-central-1/dynamodb/aws4_request, Signature=0`,
    '',
    body,
  ].join('\r\n');

const bytes = Buffer.from(
  request('GetItem', 'reader', '{"a":"ü"}') +
    request('PutItem', 'writer', '') +
    request('Query', 'reader', 'x'),
);

/** What is made of the same bytes, however the network cut them. */
function followed(pieceBytes: number) {
  const seen: string[] = [];
  const look = requestsIn(
    ({ operation, caller }) => seen.push(`${caller}: ${operation}`),
    (_head, body) => seen.push(Buffer.from(body, 'latin1').toString()),
  );
  for (let at = 0; at < bytes.length; at += pieceBytes) look(bytes.subarray(at, at + pieceBytes));
  return seen;
}

describe('bench: the requests of one connection', () => {
  it.each([1, 7, 100, 10_000])('are told apart by their lengths, in pieces of %i bytes', (pieceBytes) => {
    expect(followed(pieceBytes)).toEqual([
      'reader: GetItem',
      '{"a":"ü"}',
      'writer: PutItem',
      '',
      'reader: Query',
      'x',
    ]);
  });
});
