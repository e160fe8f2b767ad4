import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { cacheFolder } from './nats-cache.js';
import { natsConfig } from './nats-config.js';
import { repositoryIn } from './nats-from-apt.js';
import { buildFor } from './nats-from-github.js';
import { isNewEnough } from './nats-version.js';

describe('the version of a nats-server', () => {
  it.each(['2.12.0', '2.14.5', '2.15.1', '3.0.0'])('%s has message schedules', (version) => {
    expect(isNewEnough(version)).toBe(true);
  });

  it.each(['2.9.10', '2.11.99', '1.99.0', ''])('%s is too old', (version) => {
    expect(isNewEnough(version)).toBe(false);
  });
});

describe('the release build for a system', () => {
  it('is named as the release names it', () => {
    expect(buildFor('linux', 'x64')).toBe('linux-amd64.tar.gz');
    expect(buildFor('darwin', 'arm64')).toBe('darwin-arm64.tar.gz');
    expect(buildFor('win32', 'x64')).toBe('windows-amd64.zip');
  });

  it('does not exist for systems that the release leaves out', () => {
    expect(() => buildFor('aix', 'ppc64')).toThrow('no release for aix on ppc64');
  });
});

describe('the mirror that a system gets its packages from', () => {
  it('is the first one of the distribution itself', () => {
    const targets = [
      'https://packages.example.com/tools Example',
      'http://deb.debian.org/debian-security/ Debian',
      'http://mirror.example.org/debian/ Debian',
    ];
    expect(repositoryIn(targets.join('\n'))).toEqual({
      uri: 'http://mirror.example.org/debian/',
      distribution: 'debian',
    });
  });

  it('is unknown on a system without lists', () => {
    expect(repositoryIn('')).toBeUndefined();
  });
});

describe("a user's cache folder", () => {
  it('is where XDG says, on every system', () => {
    for (const system of ['linux', 'darwin', 'win32'] as const) {
      expect(cacheFolder({ XDG_CACHE_HOME: '/caches' }, system)).toBe(join('/caches', 'headrace'));
    }
  });

  it("is the system's own place otherwise", () => {
    expect(cacheFolder({}, 'linux')).toMatch(/\.cache.headrace$/);
    expect(cacheFolder({}, 'darwin')).toMatch(/Library.Caches.headrace$/);
    expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe(join('/local', 'headrace', 'cache'));
  });
});

describe('the configuration of the embedded nats-server', () => {
  const parts = { serverName: 'ours', port: 4321, storeDir: 'C:\\data "x"\\store', pidFile: '/data/nats.pid' };

  it('listens on this machine only', () => {
    expect(natsConfig(parts)).toContain('listen: "127.0.0.1:4321"');
  });

  it('escapes what a path may hold', () => {
    expect(natsConfig(parts)).toContain('store_dir: "C:\\\\data \\"x\\"\\\\store"');
  });

  it("leaves the server's own sync interval unless one is given", () => {
    expect(natsConfig(parts)).not.toContain('sync_interval');
    expect(natsConfig({ ...parts, syncInterval: 'always' })).toContain('sync_interval: "always"');
  });
});
