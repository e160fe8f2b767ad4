import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { runCli } from '../run-cli.js';

/** A folder of a test's own, as home and working directory. */
export class TestHome {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'headrace-cli-'));

  /** Runs a command line; resolves to its exit code and what it printed. */
  async run(args: readonly string[], environment: Record<string, string> = {}, input = '') {
    const stdin = new PassThrough();
    stdin.end(input);
    const [printed, noted]: [string[], string[]] = [[], []];
    const code = await runCli(args, {
      environment: { HOME: this.folder, XDG_CONFIG_HOME: path.join(this.folder, 'config'), ...environment },
      workingDirectory: this.folder,
      stopped: new AbortController().signal,
      print: (line) => void printed.push(line),
      note: (line) => void noted.push(line),
      stdin: stdin as unknown as NodeJS.ReadStream,
    });
    return { code, printed: printed.join('\n'), noted: noted.join('\n') };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
