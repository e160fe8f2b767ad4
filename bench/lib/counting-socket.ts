import { connect, type Socket } from 'node:net';
import { clockMs } from './clock.ts';
import type { SocketPlan } from './sockets-plan.ts';

const endOfHead = '\r\n\r\n';
const textOpcode = 1;
const pingFrame = Buffer.from([0x89, 0x80, 0, 0, 0, 0]);
const deflateOffer = 'Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n';

/** How a socket is opened, besides its plan. */
export interface CountingOptions {
  readonly url: URL;
  readonly localAddress: string | undefined;
  readonly offerDeflate: boolean;
  readonly neverRead: boolean;
  readonly onJoined: () => void;
  /** The connection ended before it joined. */
  readonly onFailure: (reason: string) => void;
}

/**
 * A WebSocket that joins one topic and then only counts frames, by their heads: with tens of thousands of them in one
 * process, parsing what they hear would take the machine from the server that is measured.
 */
export class CountingSocket {
  /** Frames after the reply to the join. */
  frames = 0;
  bytes = 0;
  /** When the last of them was whole, on the machine's clock. */
  lastAt = 0;
  isOpen = true;
  readonly #socket: Socket;
  readonly #options: CountingOptions;
  readonly #join: string;
  #state: 'upgrading' | 'joining' | 'joined' = 'upgrading';
  /** A beginning of a frame that is not whole. */
  #rest: Buffer | undefined;

  constructor({ topic, query }: SocketPlan, options: CountingOptions) {
    this.#options = options;
    this.#join = JSON.stringify(['1', '1', topic, 'phx_join', {}]);
    const { hostname, port, pathname } = options.url;
    this.#socket = connect({ host: hostname, port: Number(port), localAddress: options.localAddress, noDelay: true });
    this.#socket.write(
      `GET ${pathname}/websocket?${query} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nUpgrade: websocket\r\n` +
        `Connection: Upgrade\r\n${options.offerDeflate ? deflateOffer : ''}` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==${endOfHead}`,
    );
    this.#socket.on('data', (data) => this.#receive(data));
    this.#socket.on('error', (error) => this.#ended(error.message));
    this.#socket.on('close', () => this.#ended('closed by the server'));
  }

  /** Says that the client is there, as browsers do with heartbeats; the answer is not counted. */
  ping(): void {
    if (this.isOpen && this.#state === 'joined') this.#socket.write(pingFrame);
  }

  /** Ends the connection at once. */
  cut(): void {
    this.#socket.resetAndDestroy();
  }

  #ended(reason: string): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    if (this.#state !== 'joined') this.#options.onFailure(`${reason}, ${this.#state}`);
  }

  #receive(data: Buffer): void {
    let all = this.#rest ? Buffer.concat([this.#rest, data]) : data;
    this.#rest = undefined;
    if (this.#state === 'upgrading') {
      const end = all.indexOf(endOfHead);
      if (end < 0) return void (this.#rest = all);
      if (!all.toString('latin1', 0, 12).endsWith('101')) return this.cut();
      this.#state = 'joining';
      this.#socket.write(textFrame(this.#join));
      all = all.subarray(end + endOfHead.length);
    }
    this.#count(all);
  }

  #count(data: Buffer): void {
    let at = 0;
    while (data.length - at >= 2) {
      const short = data.readUInt8(at + 1) & 0x7f;
      const head = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (data.length - at < head) break;
      const length =
        short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
      if (data.length - at < head + length) break;
      const isText = (data.readUInt8(at) & 0x0f) === textOpcode;
      at += head + length;
      if (isText) this.#heard(head + length);
    }
    if (at < data.length) this.#rest = at === 0 ? data : data.subarray(at);
  }

  #heard(bytes: number): void {
    if (this.#state === 'joined') {
      this.frames += 1;
      this.bytes += bytes;
      this.lastAt = clockMs();
      return;
    }
    this.#state = 'joined';
    if (this.#options.neverRead) this.#socket.pause();
    this.#options.onJoined();
  }
}

/** A text frame of a client, with the mask 0. */
function textFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = payload.length > 125 ? Buffer.from([0x81, 0xfe, 0, 0, 0, 0, 0, 0]) : Buffer.from([0x81, 0, 0, 0, 0, 0]);
  if (payload.length > 125) head.writeUInt16BE(payload.length, 2);
  else head[1] = 0x80 | payload.length;
  return Buffer.concat([head, payload]);
}
