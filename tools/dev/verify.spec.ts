import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lockProblems, missingWorkspaces } from './check-lock.mjs';
import { readSummary } from './test-summary.mjs';

describe('the check of the lock file', () => {
  it('finds nothing in the lock file of this repository', () => {
    const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../package-lock.json'), 'utf8')) as Parameters<
      typeof lockProblems
    >[0];
    expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
    expect(lockProblems(lock)).toEqual([]);
  });

  it('finds an optional package without an entry', () => {
    const packages = {
      'node_modules/a/node_modules/swc': { optionalDependencies: { 'swc-linux': '1.0.0', 'swc-darwin': '1.0.0' } },
      'node_modules/swc-linux': {},
    };
    expect(lockProblems({ packages })).toEqual([
      'node_modules/a/node_modules/swc names the optional package swc-darwin, which has no entry',
    ]);
  });

  it('finds an entry wherever Node would', () => {
    const packages = {
      '': { optionalDependencies: { root: '1.0.0' } },
      'node_modules/root': {},
      'node_modules/a/node_modules/b': { optionalDependencies: { own: '1', beside: '1', above: '1' } },
      'node_modules/a/node_modules/b/node_modules/own': {},
      'node_modules/a/node_modules/beside': {},
      'node_modules/above': {},
    };
    expect(lockProblems({ packages })).toEqual([]);
  });

  it('finds a workspace that was added without its entry', () => {
    const packages = { 'apps/gateway': {} };
    expect(missingWorkspaces({ packages }, ['apps/gateway', 'apps/new'])).toEqual([
      'the workspace apps/new has no entry',
    ]);
  });

  it('finds a download address, and leaves links to our own libs alone', () => {
    const packages = {
      'node_modules/a': { resolved: 'https://registry.example.com/a/-/a-1.0.0.tgz' },
      'node_modules/@headrace/domain': { resolved: 'libs/domain', link: true },
    };
    expect(lockProblems({ packages })).toEqual([expect.stringContaining('node_modules/a has the download address')]);
  });
});

describe('the line that counts the tests', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'test-summary-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const summary = (results: string): string => {
    writeFileSync(join(folder, 'results.json'), results);
    return readSummary(join(folder, 'results.json'));
  };

  it('counts passed and failed tests', () => {
    expect(summary('{"numPassedTests":12,"numFailedTests":3,"numRuntimeErrorTestSuites":0}')).toBe(
      '12 passed, 3 failed',
    );
  });

  it('adds up several runs', () => {
    const files = [
      ['tests.json', '{"numPassedTests":12,"numFailedTests":1,"numRuntimeErrorTestSuites":0}'],
      ['chromium.json', '{"numPassedTests":4,"numFailedTests":0,"numRuntimeErrorTestSuites":1}'],
    ].map(([name = '', results = '']) => {
      writeFileSync(join(folder, name), results);
      return join(folder, name);
    });
    expect(readSummary(...files)).toBe('16 passed, 2 failed');
    expect(readSummary(...files, join(folder, 'nowhere.json'))).toBe('16 passed, 3 failed');
  });

  it('counts a test file that could not run as a failure', () => {
    expect(summary('{"numPassedTests":12,"numFailedTests":0,"numRuntimeErrorTestSuites":2}')).toBe(
      '12 passed, 2 failed',
    );
  });

  it('is a failure when the tests ended before they wrote results', () => {
    expect(readSummary(join(folder, 'nowhere.json'))).toBe('0 passed, 1 failed');
    expect(summary('{"numPassedTests":')).toBe('0 passed, 1 failed');
  });
});
