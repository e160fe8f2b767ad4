/**
 * Settings for one developer's machine: little memory, few processes, no replication. What is committed is still
 * on disk: `fsync` and `synchronous_commit` stay as Postgres has them.
 */
export function postgresSettings(port: number, more: Readonly<Record<string, string>> = {}): string[] {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // A socket file would need a folder that the server's user may write to, and nobody uses it.
    unix_socket_directories: '',
    max_connections: '100',
    shared_buffers: '48MB',
    wal_level: 'minimal',
    max_wal_senders: '0',
    max_wal_size: '512MB',
    checkpoint_timeout: '15min',
    // Reads in the asking process: no worker processes for it.
    io_method: 'sync',
    jit: 'off',
    log_checkpoints: 'off',
    ...more,
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}
