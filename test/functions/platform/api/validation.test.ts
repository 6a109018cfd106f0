import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../../functions/platform/api/call.ts';
import { REQUESTS } from '../../../../functions/platform/api/schemas/index.ts';
import { validate } from '../../../../functions/platform/api/validation.ts';

const comment = REQUESTS.NewComment as Schema;
const change = REQUESTS.TicketChange as Schema;
const mapping = REQUESTS.MappingChange as Schema;

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
    [
      'a file that would be closed',
      mapping,
      { basedOn: 0, document: { kinds: {}, deletions: { attachment: 'close' } } },
      '/document/deletions/attachment',
    ],
    [
      'a body that would be merged as a set',
      mapping,
      { basedOn: 0, document: { kinds: {}, conflicts: { comment: { body: { use: 'set' } } } } },
      '/document/conflicts/comment/body',
    ],
    ['something that is no object', change, [], ''],
    ['half a character', comment, { body: 'a\ud83d.txt' }, '/body'],
    ['half a character deep down', change, { custom: { 'a/b': 'c', 'd/e': '\ude00' } }, '/custom/d~1e'],
    ['half a character in a name', change, { custom: { '\ud83d': 'a' } }, '/custom'],
  ])('names the field at fault: %s', (_, schema, value, pointer) => {
    expect(() => validate('body', schema, value)).toThrow(
      expect.objectContaining({ code: 'invalid_input', pointer }),
    );
  });

  it('says which values it would take', () => {
    expect(() => validate('body', change, { status: 'done' })).toThrow(
      '/status must be equal to one of the allowed values: new, open, pending, solved, closed',
    );
  });

  it('puts where the value stands before the pointer', () => {
    const schema = { type: 'object', properties: { flag: { type: 'boolean' } } };

    expect(() => validate('body', schema, { flag: 'yes' }, '/settings')).toThrow(
      expect.objectContaining({ pointer: '/settings/flag' }),
    );
  });

  it('makes a comment internal unless it says public', () => {
    const value: Record<string, unknown> = { body: 'x' };

    validate('body', comment, value);

    expect(value.visibility).toBe('internal');
  });

  it('reads numbers out of parameters, but not out of bodies', () => {
    const schema = { type: 'object', properties: { limit: { type: 'integer', default: 25 } } };
    const [given, left]: Record<string, unknown>[] = [{ limit: '7' }, {}];

    validate('parameters', schema, given);
    validate('parameters', schema, left);

    expect([given?.limit, left?.limit]).toEqual([7, 25]);
    expect(() => validate('body', schema, { limit: '7' })).toThrow(
      expect.objectContaining({ pointer: '/limit' }),
    );
  });
});
