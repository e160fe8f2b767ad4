import { join } from 'node:path';
import { natsProgram } from './nats-cache.js';
import type { NatsSource } from './nats-source.js';
import { ourNatsVersion } from './nats-version.js';
import { runCommand } from '../server/run-command.js';

const buildLimitMs = 5 * 60_000;

/** Built from its Go module, whose checksum Go itself verifies. Takes about half a minute. */
export const natsFromGo: NatsSource = {
  name: `go install of version ${ourNatsVersion}`,
  async obtain(folder, log) {
    await runCommand('go', ['version'], { limitMs: 10_000 });
    log(`Building nats-server ${ourNatsVersion} with Go; this takes about half a minute, once.`);
    // A set GOOS or GOARCH would build for another machine, which GOBIN refuses.
    const { GOOS: _os, GOARCH: _arch, ...env } = process.env;
    await runCommand(
      'go',
      ['install', '-trimpath', '-ldflags', '-s -w', `github.com/nats-io/nats-server/v2@v${ourNatsVersion}`],
      // Outside of any module: a go.mod above the working folder must have no say.
      { cwd: folder, env: { ...env, CGO_ENABLED: '0', GOBIN: folder }, limitMs: buildLimitMs },
    );
    return join(folder, natsProgram);
  },
};
