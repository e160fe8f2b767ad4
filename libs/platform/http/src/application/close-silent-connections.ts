import type { Socket } from 'node:net';
import type { FastifyAdapter } from '@nestjs/platform-fastify';

/**
 * While the server closes, lets go of connections on which nothing has come yet, such as those that browsers open in
 * advance. Node counts only those as idle that had a request before, and would wait for the others' time limit.
 */
export function closeSilentConnections(adapter: FastifyAdapter): void {
  const connections = new Set<Socket>();
  const application = adapter.getInstance();
  application.server.on('connection', (socket: Socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  application.addHook('preClose', (done) => {
    for (const socket of connections) if (socket.bytesRead === 0) socket.destroy();
    done();
  });
}
