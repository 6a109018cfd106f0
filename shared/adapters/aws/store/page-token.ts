import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { InvalidInputError } from '../../../errors.ts';

type Attributes = Record<string, AttributeValue>;

/** Says where a page ended, not in which list: a token cannot move a reader into another organization's. */
export function tokenOf(last: Attributes): string {
  const parts = [last.pk?.S, last.sk?.S, Number(last.listedAt?.N)];
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

/** @throws InvalidInputError for what `tokenOf` did not make. */
export function keyFromToken(list: string, token: string): Attributes {
  const [pk, sk, atMs] = partsOf(token);
  if (!isKeyPart(pk, MAX_PK_BYTES) || !isKeyPart(sk, MAX_SK_BYTES) || !Number.isSafeInteger(atMs)) {
    throw new InvalidInputError('a page token is not one of ours');
  }
  return { pk: { S: pk }, sk: { S: sk }, listedIn: { S: list }, listedAt: { N: String(atMs) } };
}

/** DynamoDB's own bounds: beyond them it would be the store that refuses, as if the hub had erred. */
const MAX_PK_BYTES = 2_048;
const MAX_SK_BYTES = 1_024;

function isKeyPart(value: unknown, maxBytes: number): value is string {
  return typeof value === 'string' && value !== '' && Buffer.byteLength(value) <= maxBytes;
}

function partsOf(token: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
