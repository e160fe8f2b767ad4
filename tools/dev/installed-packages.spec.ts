import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingPackages } from './installed-packages.mjs';

type Packages = Record<
  string,
  { version?: string; optional?: boolean; os?: string[]; cpu?: string[]; libc?: string[] }
>;

describe('whether node_modules is what package-lock.json says', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'installed-packages-'));
    mkdirSync(join(root, 'node_modules'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  /** The lock file asks for the first, npm says that it has installed the second. */
  function missing(wanted: Packages, installed?: Packages): string | undefined {
    writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }));
    if (installed)
      writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify({ packages: installed }));
    return missingPackages(root);
  }

  const pg = { 'node_modules/pg': { version: '8.23.1' } };
  const here = { os: [process.platform], cpu: [process.arch] };

  it('is so when every package is there in its version', () => {
    expect(missing(pg, pg)).toBeUndefined();
  });

  it('is not so before the first install, nor after one that was interrupted', () => {
    expect(missing(pg)).toBe('there are none yet');
  });

  it('is not so when a package is new or has another version', () => {
    expect(missing(pg, {})).toBe('node_modules/pg is missing');
    expect(missing(pg, { 'node_modules/pg': { version: '8.22.0' } })).toBe('node_modules/pg is 8.22.0, not 8.23.1');
  });

  it('is not so when the packages were installed on another system', () => {
    const elsewhere = { 'node_modules/native': { version: '1.0.0', optional: true, os: ['plan9'], cpu: ['mips'] } };
    expect(missing(elsewhere, elsewhere)).toBe('node_modules/native is for another system');
  });

  it('does not ask for optional packages of other systems and C libraries, nor for those that may not build', () => {
    const optional = {
      'node_modules/other': { version: '1.0.0', optional: true, os: ['plan9'], cpu: ['mips'] },
      'node_modules/excluded': { version: '1.0.0', optional: true, os: [`!${process.platform}`], cpu: [process.arch] },
      'node_modules/musl': { version: '1.0.0', optional: true, ...here, libc: ['musl'] },
      'node_modules/speedup': { version: '1.0.0', optional: true },
    };
    expect(missing(optional, {})).toBeUndefined();
  });

  it('asks for the optional programs of this system', () => {
    expect(missing({ 'node_modules/here': { version: '1.0.0', optional: true, ...here } }, {})).toBe(
      'node_modules/here is missing',
    );
  });

  it('does not ask for the libs of this repository', () => {
    expect(missing({ 'libs/contracts': { version: '0.1.0' } }, {})).toBeUndefined();
  });
});
