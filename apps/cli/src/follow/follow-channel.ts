import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { parsed, callApi } from '../api/api.js';
import type { AsyncReply } from '../api/ai-request.js';
import { CommandFailed } from '../errors.js';
import type { Connection } from '../options/connection.js';

/** A state of a request, as browsers get it. */
export interface ResponseFrame {
  readonly status: string;
  readonly [field: string]: unknown;
}

type Access = Omit<AsyncReply, 'channel_id'>;
type Ending = ResponseFrame | 'lost' | 'stopped';

const reconnects = 10;
const reconnectWaitMs = 500;
/** Phoenix closes what is silent for a minute. */
const heartbeatMs = 30_000;

/** Where a request's channel is, with a fresh token. */
export const accessOf = (connection: Connection, channel: string): Promise<AsyncReply> =>
  callApi(connection, 'POST', '/v1/ai/reconnect', { channel_id: channel });

/**
 * Joins a request's channel and tells each of its states, until the last one, which it resolves to; undefined when it
 * was stopped before. A lost connection is made again: the server tells the latest state to whoever joins.
 */
export async function followChannel(
  connection: Connection,
  reply: AsyncReply,
  stopped: AbortSignal,
  onFrame: (frame: ResponseFrame) => void,
): Promise<ResponseFrame | undefined> {
  let access: Access = reply;
  const told = new Set<string>();
  const once = (frame: ResponseFrame) => {
    if (told.has(frame.status)) return;
    told.add(frame.status);
    onFrame(frame);
  };
  for (let lost = 0; lost <= reconnects; lost += 1) {
    if (lost > 0) {
      await delay(reconnectWaitMs * lost, undefined, { signal: stopped }).catch(() => undefined);
      if (stopped.aborted) return undefined;
      access = await accessOf(connection, reply.channel_id).catch(() => access);
    }
    const ending = await joinOnce(access, stopped, once);
    if (ending === 'stopped') return undefined;
    if (ending !== 'lost') return ending;
  }
  throw new CommandFailed(`The WebSocket of ${reply.channel_id} was lost ${reconnects} times. Try again later.`);
}

function joinOnce(access: Access, stopped: AbortSignal, onFrame: (frame: ResponseFrame) => void): Promise<Ending> {
  const url = `${access.websocket_url}/websocket?token=${encodeURIComponent(access.ws_token)}&vsn=2.0.0`;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { handshakeTimeout: 10_000 });
    const beat = setInterval(() => {
      if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify([null, 'b', 'phoenix', 'heartbeat', {}]));
    }, heartbeatMs);
    const end = (ending: Ending | CommandFailed): void => {
      clearInterval(beat);
      stopped.removeEventListener('abort', stop);
      if (ending instanceof CommandFailed) reject(ending);
      else resolve(ending);
      socket.terminate();
    };
    const stop = () => end('stopped');
    stopped.addEventListener('abort', stop);
    socket.on('error', () => end('lost')).on('close', () => end('lost'));
    socket.on('open', () => socket.send(JSON.stringify(['1', '1', access.websocket_channel, 'phx_join', {}])));
    socket.on('message', (data: Buffer) => {
      const frame = parsed(data.toString());
      if (!Array.isArray(frame)) return;
      const [event, payload] = (frame as unknown[]).slice(3) as [string, ResponseFrame];
      if (event === 'phx_reply' && payload.status === 'error') {
        end(new CommandFailed(`The channel cannot be joined: ${JSON.stringify(payload['response'])}.`));
      }
      if (event !== 'response') return;
      onFrame(payload);
      if (payload.status !== 'ai_generated') end(payload);
    });
  });
}
