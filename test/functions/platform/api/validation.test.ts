import { describe, expect, it } from 'vitest';
import { REQUESTS } from '../../../../functions/platform/api/schemas/index.ts';
import { validate } from '../../../../functions/platform/api/validation.ts';

const comment = REQUESTS.NewComment as object;
const change = REQUESTS.TicketChange as object;
const mapping = REQUESTS.MappingChange as object;

describe('request validation', () => {
  it.each([
    ['a missing field', comment, {}, '/body'],
    ['a field of another type', comment, { body: 7 }, '/body'],
    ['a blank text', comment, { body: '  ' }, '/body'],
    ['a text that is too long', comment, { body: 'x'.repeat(32_001) }, '/body'],
    ['a value off the list', comment, { body: 'x', visibility: 'secret' }, '/visibility'],
    ['a field nobody asked for', comment, { body: 'x', 'organi/zation~': 'globex' }, '/organi~1zation~0'],
    ['no change at all', change, {}, ''],
    [
      'a deletion policy that is none',
      mapping,
      { basedOn: 0, document: { kinds: {}, deletions: { comment: 'close' } } },
      '/document/deletions/comment',
    ],
    ['something that is no object', change, [], ''],
  ])('names the field at fault: %s', async (_, schema, value, pointer) => {
    await expect(validate('body', schema as never, value)).rejects.toMatchObject({
      code: 'invalid_input',
      pointer,
    });
  });

  it('says which values it would take', async () => {
    await expect(validate('body', change as never, { status: 'done' })).rejects.toThrow(
      '/status must be equal to one of the allowed values: new, open, pending, solved, closed',
    );
  });

  it('puts where the value stands before the pointer', async () => {
    const schema = { type: 'object', properties: { flag: { type: 'boolean' } } };

    await expect(validate('body', schema, { flag: 'yes' }, '/settings')).rejects.toMatchObject({
      pointer: '/settings/flag',
    });
  });

  it('makes a comment internal unless it says public', async () => {
    const value: Record<string, unknown> = { body: 'x' };

    await validate('body', comment as never, value);

    expect(value.visibility).toBe('internal');
  });

  it('reads numbers out of parameters, but not out of bodies', async () => {
    const schema = { type: 'object', properties: { limit: { type: 'integer', default: 25 } } };
    const [given, left]: Record<string, unknown>[] = [{ limit: '7' }, {}];

    await validate('parameters', { ...schema }, given);
    await validate('parameters', { ...schema }, left);

    expect([given?.limit, left?.limit]).toEqual([7, 25]);
    await expect(validate('body', schema, { limit: '7' })).rejects.toMatchObject({ pointer: '/limit' });
  });
});
