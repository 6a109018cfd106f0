import { ProviderUnavailableError } from '../../../../shared/errors.ts';
import { readAs } from '../wire.ts';

/** A success nobody can read is an answer lost, not a mistake of ours. */
export function answered<Schema extends Parameters<typeof readAs>[0]>(
  schema: Schema,
  answer: unknown,
): ReturnType<typeof readAs<Schema>> {
  try {
    return readAs(schema, answer, '');
  } catch (cause) {
    throw new ProviderUnavailableError('salesforce answered in a shape it does not publish', { cause });
  }
}
