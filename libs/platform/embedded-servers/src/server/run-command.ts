import { execFile } from 'node:child_process';

/** How a helper program is run. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** The program is killed after this. */
  readonly limitMs: number;
}

/** Runs a program to its end; resolves to its output. Rejects with its last line of complaint. */
export function runCommand(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { limitMs, ...rest } = options;
  return new Promise((resolve, reject) => {
    execFile(
      command,
      [...args],
      { ...rest, timeout: limitMs, killSignal: 'SIGKILL', maxBuffer: 16 * 1024 * 1024, windowsHide: true },
      (error, output, complaint) => {
        if (!error) resolve(output);
        else reject(new Error(reasonOf(command, error, complaint), { cause: error }));
      },
    );
  });
}

function reasonOf(command: string, error: { code?: unknown; killed?: boolean }, complaint: string): string {
  if (error.code === 'ENOENT') return `${command} is not installed`;
  if (error.killed) return `${command} took too long`;
  return complaint.trim().split('\n').at(-1) || `${command} failed`;
}
