import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { commandLineOf, identityOf, isAlive } from './process-identity.js';

describe('the identity of a process', () => {
  it('stays the same while the process runs', () => {
    expect(identityOf(process.pid)).toEqual(identityOf(process.pid));
  });

  it('is not that of another process with the same number', () => {
    expect(isAlive({ pid: process.pid, startedAt: 'an earlier boot' })).toBe(false);
  });

  it('ends with the process', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()', 'a mark'], {
      stdio: ['pipe', 'ignore', 'ignore'],
    });
    await once(child, 'spawn');
    const identity = identityOf(child.pid as number);
    expect(identity && isAlive(identity)).toBe(true);
    expect(commandLineOf(child.pid as number)).toContain('a mark');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(identity && isAlive(identity)).toBe(false);
    expect(commandLineOf(child.pid as number)).toBeUndefined();
  });
});
