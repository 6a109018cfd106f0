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
  if (
    typeof pk !== 'string' ||
    typeof sk !== 'string' ||
    typeof atMs !== 'number' ||
    !Number.isFinite(atMs)
  ) {
    throw new InvalidInputError('a page token is not one of ours');
  }
  return { pk: { S: pk }, sk: { S: sk }, listedIn: { S: list }, listedAt: { N: String(atMs) } };
}

function partsOf(token: string): readonly unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
