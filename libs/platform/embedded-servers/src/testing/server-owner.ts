import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What the owner process tells once its servers run. */
export interface OwnedServers {
  readonly nats: { readonly url: string; readonly pid: number };
  readonly postgres: { readonly url: string; readonly pid: number };
}

/** A process that started both servers in a data folder and may be ended in any way. */
export interface ServerOwner extends OwnedServers {
  readonly process: ChildProcess;
  /** Sends a signal and resolves to how the process ended. */
  end(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  /** Has the process end itself with `process.exit(code)`. */
  exit(code: number): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** The compiled lib: the process is a plain Node, without Jest's loader. */
const program = `
  import { startEmbeddedNats, startEmbeddedPostgres } from '@headrace/embedded-servers';
  const options = { dataDir: process.argv[1], log: () => {} };
  const [nats, postgres] = await Promise.all([
    startEmbeddedNats({ ...options, binary: process.env.NATS_SERVER_BIN }),
    startEmbeddedPostgres(options),
  ]);
  const told = ({ url, pid }) => ({ url, pid });
  console.log(JSON.stringify({ nats: told(nats), postgres: told(postgres) }));
  process.stdin.on('data', (code) => process.exit(Number(code)));
`;

/** Starts a process of its own that runs both servers on `dataDir`. */
export async function startServerOwner(dataDir: string): Promise<ServerOwner> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, dataDir], {
    cwd: import.meta.dirname,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  const firstLine = once(createInterface(child.stdout), 'line').then(
    ([line]) => JSON.parse(line as string) as OwnedServers,
  );
  const servers = await Promise.race([firstLine, ended]);
  if (!('nats' in servers)) throw new Error('The owner of the servers ended before they ran');
  return {
    ...servers,
    process: child,
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
    exit: (code) => {
      child.stdin.write(`${code}\n`);
      return ended;
    },
  };
}
