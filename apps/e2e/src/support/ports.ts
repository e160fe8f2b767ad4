import { createServer } from 'node:net';

/** Below the range that Linux hands out by itself (32768 and up) and above what services usually take. */
const lowest = 20_000;
const highest = 32_000;

/**
 * Ports on 127.0.0.1 that were free a moment ago. A killed process has to get its port back, so none of them may be
 * one that the system gives to an outgoing connection meanwhile.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  while (found.size < count) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
