import { createServer } from 'node:net';

/**
 * Throws the system's error when the port is taken: before anything is made or started, so that a key is not shown
 * and lost in a start that fails.
 */
export function requireFreePort({ port, host }: { readonly port: number; readonly host: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(port, host, () => server.close(() => resolve()));
  });
}
