import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesUnder, replaceFile, replaceFolder } from '../../../bin/build/files.ts';
import { projectOf } from './place.ts';

describe('files of a build', () => {
  it('are listed relative to the root, in order; a folder that is not there has none', async () => {
    const { root } = projectOf({ 'app/b/c.ts': '', 'app/a.ts': '' });

    expect(await filesUnder(root, 'app')).toEqual(['app/a.ts', 'app/b/c.ts']);
    expect(await filesUnder(root, 'none')).toEqual([]);
  });

  it('that are the same stay untouched, and others are replaced without a trace of the draft', async () => {
    const { root } = projectOf({ 'out/index.mjs': 'old' });
    const path = join(root, 'out/index.mjs');
    const before = statSync(path).ino;

    await replaceFile(path, Buffer.from('old'));
    expect(statSync(path).ino).toBe(before);
    await replaceFile(path, Buffer.from('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(readdirSync(join(root, 'out'))).toEqual(['index.mjs']);
  });

  it('of a folder are replaced together, and kept when filling the new one fails', async () => {
    const { root } = projectOf({ 'app/old.js': '' });
    const fail = async (draft: string) => {
      mkdirSync(draft);
      throw new Error('no disk');
    };

    await expect(replaceFolder(join(root, 'app'), fail)).rejects.toThrow('no disk');
    expect(readdirSync(join(root, 'app'))).toEqual(['old.js']);
    await replaceFolder(join(root, 'app'), async (draft) => {
      mkdirSync(draft);
      writeFileSync(join(draft, 'new.js'), '');
    });
    expect(readdirSync(join(root, 'app'))).toEqual(['new.js']);
    expect(readdirSync(root)).not.toContainEqual(expect.stringContaining('app.'));
  });
});
