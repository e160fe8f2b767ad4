/** What the generated configuration of the embedded nats-server depends on. */
export interface NatsConfig {
  /** Told to every client, by which we know our own server from another on the same port. */
  readonly serverName: string;
  readonly port: number;
  readonly storeDir: string;
  readonly pidFile: string;
  /** How often stored messages are forced to disk (`2m`, `always`); the server's default when left out. */
  readonly syncInterval?: string;
  /** How far a client may be behind before the server cuts it off. */
  readonly maxPendingBytes?: number;
}

/** The server accepts no more than this in one message; the largest result must fit, with its envelope. */
export const maxPayloadBytes = 8 * 1024 * 1024;

/**
 * How far a client may be behind before the server cuts it off. Each of the dozen consumers of a process may have two
 * messages of the largest size on their way to it, and results that it reads come on top.
 */
const usualMaxPendingBytes = 1024 * 1024 * 1024;

/** The configuration file's text. Only 127.0.0.1 is listened on: the server asks nobody for a password. */
export function natsConfig(wanted: NatsConfig): string {
  const { serverName, port, storeDir, pidFile, syncInterval, maxPendingBytes = usualMaxPendingBytes } = wanted;
  return [
    '# Written at every start; changes are lost.',
    `server_name: ${quoted(serverName)}`,
    `listen: "127.0.0.1:${port}"`,
    `pid_file: ${quoted(pidFile)}`,
    `max_payload: ${maxPayloadBytes}`,
    `max_pending: ${maxPendingBytes}`,
    'jetstream {',
    `  store_dir: ${quoted(storeDir)}`,
    ...(syncInterval ? [`  sync_interval: ${quoted(syncInterval)}`] : []),
    '}',
    '',
  ].join('\n');
}

/** Double quotes with backslashes escaped: Windows paths are full of them. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
