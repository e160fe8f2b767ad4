/**
 * The least that can be done with `ws`: lets everybody in, answers joins, and sends what it is told to a topic. No
 * tokens, no event log, no bounds: what a hub costs beyond it is what a hub does.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { serve } from '../lib/part.ts';

const http = createServer();
const topics = new Map<string, Set<WebSocket>>();
const server = new WebSocketServer({
  server: http,
  perMessageDeflate: process.env.BARE_DEFLATE === 'true' ? { threshold: 0 } : false,
});
server.on('connection', (socket) => {
  let joined: string | undefined;
  socket.on('message', (data: Buffer) => {
    const [joinRef, ref, topic] = JSON.parse(data.toString()) as [string, string, string];
    joined = topic;
    topics.set(topic, (topics.get(topic) ?? new Set()).add(socket));
    socket.send(JSON.stringify([joinRef, ref, topic, 'phx_reply', { status: 'ok', response: {} }]));
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    const others = joined === undefined ? undefined : topics.get(joined);
    others?.delete(socket);
    if (joined !== undefined && others?.size === 0) topics.delete(joined);
  });
});
const port = new Promise<number>((resolve) => {
  http.listen(0, '127.0.0.1', () => resolve((http.address() as AddressInfo).port));
});

serve({
  port: () => port,
  publish({ topic, payload }: { topic: string; payload: object }) {
    const frame = JSON.stringify(['1', null, topic, 'response', payload]);
    for (const socket of topics.get(topic) ?? []) socket.send(frame);
  },
});
