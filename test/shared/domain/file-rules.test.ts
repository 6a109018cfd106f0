import { describe, expect, it } from 'vitest';
import { fileRefusal, maxFileBytes, sizeText } from '../../../shared/domain/index.ts';

const GB = 1024 ** 3;
const photo = { name: 'Photo.PNG', type: 'image/png; charset=binary', size: 2_000 };

describe('the files a connection carries', () => {
  it('are as large as its vendor takes them, and no larger than a gigabyte', () => {
    expect(maxFileBytes({}, 5_000)).toBe(5_000);
    expect(maxFileBytes({}, 5 * GB)).toBe(GB);
  });

  it('are as large as its settings say, where that is less', () => {
    expect(maxFileBytes({ maxFileMegabytes: 10 }, GB)).toBe(10 * 1024 * 1024);
    expect(maxFileBytes({ maxFileMegabytes: 10 }, 5_000)).toBe(5_000);
    expect(maxFileBytes({ maxFileMegabytes: 0 }, 5_000)).toBe(0);
  });

  it('are refused over that, at it they are not', () => {
    expect(fileRefusal(photo, {}, 2_000)).toBeUndefined();
    expect(fileRefusal(photo, {}, 1_999)).toBe('files of up to 2.0 KB are carried');
  });

  it('of a size nobody has told are carried until more has come', () => {
    expect(fileRefusal({ ...photo, size: undefined }, {}, 1)).toBeUndefined();
  });

  it.each([
    ['image/*', true],
    ['image/png', true],
    ['.png', true],
    [' .PNG , video/*', true],
    ['image/jpeg', false],
    ['inode/*', false],
    ['image', false],
    ['png', false],
    ['', false],
  ])('denied as %o', (deniedFileTypes, isDenied) => {
    const refusal = fileRefusal(photo, { deniedFileTypes }, GB);

    expect(refusal).toBe(isDenied ? 'files of this type are not carried' : undefined);
  });

  it('are not told apart by what stands behind a type', () => {
    const told = { ...photo, type: 'image/png ;charset=binary' };

    expect(fileRefusal(told, { allowedFileTypes: 'image/png' }, GB)).toBeUndefined();
  });

  it('are refused all the same with a line break behind the type', () => {
    const told = { ...photo, type: 'image/png;\r\n charset=binary' };

    expect(fileRefusal(told, { deniedFileTypes: 'image/png' }, GB)).toBeDefined();
  });

  it('of a type nobody has told are refused for none, however a list ends', () => {
    const untold = { ...photo, name: 'photo', type: '' };

    expect(fileRefusal(untold, { allowedFileTypes: '', deniedFileTypes: '.exe, ' }, GB)).toBeUndefined();
    expect(fileRefusal(untold, { allowedFileTypes: '.exe, ' }, GB)).toBeDefined();
  });

  it('are only those allowed, where any are named', () => {
    expect(fileRefusal(photo, { allowedFileTypes: '.pdf, image/*' }, GB)).toBeUndefined();
    expect(fileRefusal(photo, { allowedFileTypes: '.pdf' }, GB)).toBe('files of this type are not carried');
    expect(fileRefusal(photo, { allowedFileTypes: 'image/*', deniedFileTypes: '.png' }, GB)).toBeDefined();
  });
});

describe('a size in words', () => {
  it.each([
    [0, '0 bytes'],
    [104.86, '105 bytes'],
    [1_023, '1023 bytes'],
    [1_024, '1 KB'],
    [1_999, '2.0 KB'],
    [2.1 * GB, '2.1 GB'],
    [2 * GB, '2 GB'],
    [5_000 * GB, '4.9 TB'],
    [2_048 * 1_024 * GB, '2048 TB'],
  ])('of %d is %s', (bytes, words) => {
    expect(sizeText(bytes)).toBe(words);
  });
});
