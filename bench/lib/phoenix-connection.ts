import { connect, type Socket } from 'node:net';

/** Where and what to join. */
export interface JoinOptions {
  /** `websocket_url` of the asynchronous reply. */
  readonly websocketUrl: string;
  readonly topic: string;
  readonly token: string;
  /** A loopback address to connect from: one address has ports for 28,000 connections a minute only. */
  readonly localAddress: string | undefined;
  readonly onResponse: (payload: { readonly status: string }) => void;
  readonly onFailure: (reason: string) => void;
}

const opcodes = { text: 1, close: 8 } as const;

/**
 * One WebSocket with one joined topic, in as little work as the protocol allows, so that thousands of browsers do
 * not take the machine from the system they measure. Text frames of a server are not masked; ours carry the mask 0.
 */
export class PhoenixConnection {
  readonly #options: JoinOptions;
  readonly #socket: Socket;
  #received: Buffer = Buffer.alloc(0);
  /** How far it has come, for the list of failures. */
  #state: 'connecting' | 'upgrading' | 'joining' | 'joined' = 'connecting';
  #closing = false;

  constructor(options: JoinOptions) {
    this.#options = options;
    const { hostname, port, pathname } = new URL(options.websocketUrl);
    this.#socket = connect({ host: hostname, port: Number(port), localAddress: options.localAddress, noDelay: true });
    this.#socket.on('connect', () => {
      this.#state = 'upgrading';
      const path = `${pathname}/websocket?token=${options.token}&vsn=2.0.0`;
      this.#socket.write(
        `GET ${path} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n` +
          'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
      );
    });
    this.#socket.on('data', (data) => this.#receive(data));
    this.#socket.on('error', (error) => this.#fail(error.message));
    this.#socket.on('close', () => this.#fail('closed by the server'));
  }

  /** Closes the socket as a browser does. */
  close(): void {
    this.#closing = true;
    this.#send(opcodes.close, Buffer.from([3, 232]));
  }

  #fail(reason: string): void {
    if (this.#closing) return;
    this.#closing = true;
    this.#socket.destroy();
    this.#options.onFailure(`${reason}, ${this.#state}`);
  }

  #receive(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    if (this.#state === 'upgrading' && !this.#upgrade()) return;
    for (;;) {
      const frame = this.#nextFrame();
      if (!frame) return;
      if (frame.opcode === opcodes.text) this.#hear(frame.payload);
    }
  }

  #upgrade(): boolean {
    const end = this.#received.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const head = this.#received.toString('latin1', 0, end);
    this.#received = this.#received.subarray(end + 4);
    if (!head.startsWith('HTTP/1.1 101')) {
      this.#fail(head.split('\r\n')[0] ?? 'no answer');
      return false;
    }
    this.#state = 'joining';
    this.#send(opcodes.text, Buffer.from(JSON.stringify(['1', '1', this.#options.topic, 'phx_join', {}])));
    return true;
  }

  #nextFrame(): { opcode: number; payload: Buffer } | undefined {
    const data = this.#received;
    if (data.length < 2) return undefined;
    const short = data.readUInt8(1) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (data.length < header) return undefined;
    const length = short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
    if (data.length < header + length) return undefined;
    this.#received = data.subarray(header + length);
    return { opcode: data.readUInt8(0) & 0x0f, payload: data.subarray(header, header + length) };
  }

  #hear(payload: Buffer): void {
    const [, , , event, body] = JSON.parse(payload.toString()) as [
      unknown,
      unknown,
      unknown,
      string,
      { status: string },
    ];
    if (event === 'response') this.#options.onResponse(body);
    else if (event === 'phx_reply' && body.status === 'ok') this.#state = 'joined';
    else if (event === 'phx_reply') this.#fail('refused');
  }

  #send(opcode: number, payload: Buffer): void {
    if (this.#socket.destroyed) return;
    const long = payload.length > 125;
    const head = Buffer.alloc(long ? 8 : 6);
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | (long ? 126 : payload.length);
    if (long) head.writeUInt16BE(payload.length, 2);
    this.#socket.write(Buffer.concat([head, payload]));
  }
}
