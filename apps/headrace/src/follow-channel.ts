import { WebSocket, type RawData } from 'ws';

/** What a browser needs to follow a request, as `/v1/ai/async` answers it. */
export interface ChannelAccess {
  readonly websocket_url: string;
  readonly websocket_channel: string;
  readonly ws_token: string;
}

/** The parts of a `response` frame that the demo shows. */
export interface ResponseFrame {
  readonly status: string;
  readonly data?: unknown;
  readonly message?: string;
}

/** Joins a request's channel as phoenix.js does and resolves to its final frame. */
export function followChannel(
  access: ChannelAccess,
  limitMs: number,
  onFrame: (frame: ResponseFrame) => void,
): Promise<ResponseFrame> {
  const url = `${access.websocket_url}/websocket?token=${encodeURIComponent(access.ws_token)}&vsn=2.0.0`;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { handshakeTimeout: limitMs });
    const limit = setTimeout(() => fail(new Error(`No result came within ${limitMs / 1_000} s.`)), limitMs);
    const fail = (error: Error) => {
      clearTimeout(limit);
      socket.terminate();
      reject(error);
    };
    socket.on('error', fail);
    socket.on('open', () => socket.send(JSON.stringify(['1', '1', access.websocket_channel, 'phx_join', {}])));
    socket.on('message', (data: RawData) => {
      const [, , , event, payload] = JSON.parse((data as Buffer).toString()) as [
        unknown,
        unknown,
        unknown,
        string,
        ResponseFrame,
      ];
      if (event === 'phx_reply' && payload.status !== 'ok') fail(new Error('The channel could not be joined.'));
      if (event !== 'response') return;
      onFrame(payload);
      if (payload.status === 'ai_generated') return;
      clearTimeout(limit);
      socket.close();
      resolve(payload);
    });
  });
}
