import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderProblem, prepareDataFolder } from './data-folder.js';

describe('a data folder', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'data-folder-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is made with all folders above it, and left empty', () => {
    const deep = join(folder, 'a', 'b');
    prepareDataFolder(deep);
    expect(existsSync(deep)).toBe(true);
    expect(readdirSync(deep)).toEqual([]);
  });

  it('is refused in one sentence when a part of its path is a file', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => prepareDataFolder(join(folder, 'file', 'data'))).toThrow(
      expect.objectContaining({ code: 'data_dir_not_writable', message: expect.stringContaining('HEADRACE_DATA_DIR') }),
    );
  });

  it.each([
    ['ENOSPC', 'disk_full'],
    ['EDQUOT', 'disk_full'],
    ['EROFS', 'data_dir_not_writable'],
    ['EACCES', 'data_dir_not_writable'],
    ['ENOENT', 'data_dir_not_writable'],
  ])('turns %s into %s', (code, problem) => {
    expect(folderProblem('/data', Object.assign(new Error(), { code }))).toMatchObject({ code: problem });
  });

  it('leaves errors alone that say nothing about the folder', () => {
    expect(folderProblem('/data', Object.assign(new Error(), { code: 'EMFILE' }))).toBeUndefined();
  });
});
