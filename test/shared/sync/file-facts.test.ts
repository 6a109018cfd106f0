import { describe, expect, it } from 'vitest';
import { factsOf, fileOf, maxBytesAt, refusalAt, uploadOf } from '../../../shared/sync/attachment.ts';
import { CONTENT, fileDesk, fileScene } from './file-scene.ts';
import { deskPlace, ticketScene } from './scenes.ts';

const lacking = { content: undefined } as never;

describe('what is known of a file', () => {
  it('is a file’s alone', () => {
    const { file: _none, ...bare } = fileScene().tree.root;

    expect(fileOf(fileScene().record).content).toEqual(CONTENT);
    expect(() => fileOf(bare)).toThrow('a attachment without a file');
    expect(() => fileOf({ ...fileScene().tree.root, kind: 'ticket' })).toThrow('a ticket without a file');
  });

  it('is its size as its vendor says, then as it is', () => {
    expect(factsOf(fileScene().record)).toEqual({ name: 'photo.png', type: 'image/png', size: 2_000 });
    expect(factsOf(fileScene({ file: lacking }).record).size).toBe(1_999);
    expect(factsOf(fileScene({ file: lacking, fields: { size: '12' } }).record).size).toBeUndefined();
  });

  it.each([null, '', 7])('is a name and type in any case: %j', (nothing) => {
    expect(factsOf(fileScene({ fields: { name: nothing, type: nothing } }).record)).toMatchObject({
      name: 'file',
      type: 'application/octet-stream',
    });
  });

  it('is whether a place takes it: none that takes no files', () => {
    expect(maxBytesAt(fileDesk(5_000))).toBe(5_000);
    expect(maxBytesAt(deskPlace())).toBe(0);
    expect(refusalAt(fileScene().record, deskPlace())).toBe('files of up to 0 bytes are carried');
  });
});

describe('a file on its way to a place', () => {
  it.each(['public', 'internal'] as const)('is all of it, under its parent’s copy: %s', (visibility) => {
    expect(uploadOf(fileScene({ file: { visibility } }))).toEqual({
      kind: 'attachment',
      operation: 'create',
      record: 'ticket-1',
      fields: { name: 'photo.png', type: 'image/png', size: 1_999 },
      parent: { kind: 'ticket', externalId: 'case-9' },
      attachment: { visibility, name: 'photo.png', type: 'image/png', size: 2_000, sha256: 'abc' },
    });
  });

  it('goes nowhere before its bytes are here, and its parent is there', () => {
    expect(() => uploadOf(fileScene({ file: lacking }))).toThrow('a file without its bytes');
    for (const parent of [null, undefined])
      expect(() => uploadOf(fileScene({ lane: { parent } as never }))).toThrow('a file before its parent');
    expect(() => uploadOf(ticketScene({ lane: { parent: { kind: 'ticket' } as never } }))).toThrow(
      'without a file',
    );
  });
});
