import { createHmac, timingSafeEqual } from 'node:crypto';
import { ConfigurationError } from '../errors.ts';

/** @throws ConfigurationError for an empty secret: anybody can compute that HMAC. */
export function hmacSha256Hex(secret: string, ...parts: readonly (string | Uint8Array)[]): string {
  if (secret === '') throw new ConfigurationError('a signing secret is empty, expected at least one byte');
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest('hex');
}

/** Constant time for equal lengths; a different length is no secret. */
export function equalInConstantTime(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && timingSafeEqual(left, right);
}

/**
 * Whether `hex`, in lower case, is the HMAC-SHA256 of the parts under any of the secrets; always compares with all of
 * them, as text: what stands behind a good digest is not overlooked, and a digest in bytes is memory of its own.
 */
export function isSignedByAny(
  hex: string,
  secrets: readonly string[],
  ...parts: readonly (string | Uint8Array)[]
): boolean {
  const given = Buffer.from(hex);
  let isSigned = false;
  for (const secret of secrets)
    isSigned = equalInConstantTime(given, Buffer.from(hmacSha256Hex(secret, ...parts))) || isSigned;
  return isSigned;
}

/** The named secrets that exist and are not empty: current first, previous during a rotation. */
export function presentSecrets(
  secrets: Readonly<Record<string, string>>,
  names: readonly string[],
): readonly string[] {
  return names.map((name) => secrets[name] ?? '').filter((secret) => secret !== '');
}

/** A unix timestamp in seconds, neither stale nor in the future; anything but digits is refused. */
export function isFreshSeconds(header: string | undefined, nowMs: number, toleranceMs: number): boolean {
  if (header === undefined || !/^\d{1,12}$/.test(header)) return false;
  return Math.abs(nowMs - Number(header) * 1_000) <= toleranceMs;
}
