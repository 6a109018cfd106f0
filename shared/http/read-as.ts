import * as z from 'zod/mini';
import { InvalidInputError } from '../errors.ts';

/** How one vendor's payloads are read: by what it publishes, and by nothing else. */
export function readerOf(vendor: string) {
  /** @throws InvalidInputError naming where the shape is wrong, never what stood there. */
  return function readAs<Schema extends z.ZodMiniType>(
    schema: Schema,
    value: unknown,
    at: string,
  ): z.infer<Schema> {
    const result = z.safeParse(schema, value);
    if (result.success) return result.data;
    const pointer = [at, ...(result.error.issues[0]?.path ?? []).map(String)].join('/');
    const place = pointer === '' ? '/' : pointer;
    throw new InvalidInputError(`${vendor} payload is not as published at ${place}`, { pointer });
  };
}
