import { setTimeout as delay } from 'node:timers/promises';
import {
  decodeServerFrame,
  listenPath,
  type ClientTunnelFrame,
  type HelloFrame,
  type RefusedFrame,
  type WebhookFrame,
  type WelcomeFrame,
} from '@headrace/contracts';
import { WebSocket } from 'ws';
import { parsed, wordsOf } from '../api/api.js';
import { CommandFailed, messageOf } from '../errors.js';
import type { Connection } from '../options/connection.js';
import { backoffMs } from './backoff.js';
import type { LocalOutcome } from './local-server.js';

/** What a client does with what comes through the tunnel. */
export interface TunnelEvents {
  onWelcome(welcome: WelcomeFrame): void;
  /** Resolves to what is answered. Called again for an attempt whose answer was lost. */
  onWebhook(webhook: WebhookFrame): Promise<LocalOutcome>;
  onLost(reason: string, againInMs: number): void;
}

/** What the session asks for; its id and secret are kept from its first welcome on. */
export type SessionWishes = Pick<HelloFrame, 'secret' | 'events' | 'workflows'>;

/** Why a connection ended. */
type Ending =
  | { readonly kind: 'stopped' }
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'refused'; readonly message: string };

const handshakeMs = 10_000;
/** How long a stopped client waits for the server to end the session. */
const byeLimitMs = 2_000;
/** Pings that may be missing before a connection counts as lost. */
const missedPings = 2.5;
const maxFrameBytes = 64 * 1_024 * 1_024;
/** Answers to an upgrade that another try does not change. */
const finalStatuses = new Set([400, 401, 403, 404, 405]);

/** Keeps one listening session over as many connections as it takes, until it is stopped or refused. */
export class TunnelClient {
  #session: Pick<HelloFrame, 'session' | 'secret'> = {};
  #welcomed = false;

  constructor(
    private readonly connection: Connection,
    private readonly wishes: SessionWishes,
    private readonly events: TunnelEvents,
  ) {}

  /** Resolves when it was stopped. Throws `CommandFailed` when the server refuses, or was never reached. */
  async run(stopped: AbortSignal): Promise<void> {
    let failures = 0;
    while (!stopped.aborted) {
      this.#welcomed = false;
      const ending = await this.#connect(stopped);
      if (ending.kind === 'stopped') return;
      if (ending.kind === 'refused') throw new CommandFailed(ending.message);
      if (this.#session.session === undefined) throw new CommandFailed(ending.reason);
      failures = this.#welcomed ? 1 : failures + 1;
      const waitMs = backoffMs(failures);
      this.events.onLost(ending.reason, waitMs);
      await delay(waitMs, undefined, { signal: stopped }).catch(() => undefined);
    }
  }

  #connect(stopped: AbortSignal): Promise<Ending> {
    const { url, apiKey } = this.connection;
    const socket = new WebSocket(`${url.replace(/^http/, 'ws')}${listenPath}`, {
      headers: { Authorization: `Bearer ${apiKey}` },
      handshakeTimeout: handshakeMs,
      maxPayload: maxFrameBytes,
      // A key goes to the server that was named, never to where that one points.
      followRedirects: false,
      perMessageDeflate: false,
    });
    return new Promise((resolve) => {
      let refusal: RefusedFrame | undefined;
      let problem: string | undefined;
      let silence: NodeJS.Timeout | undefined;
      let pingIntervalMs = handshakeMs;
      const heard = () => {
        clearTimeout(silence);
        silence = setTimeout(() => {
          problem = 'the server is silent';
          socket.terminate();
        }, missedPings * pingIntervalMs);
      };
      const stop = () => {
        send(socket, { type: 'bye' });
        setTimeout(() => socket.terminate(), socket.readyState === WebSocket.OPEN ? byeLimitMs : 0).unref();
      };
      const end = (ending: Ending) => {
        clearTimeout(silence);
        stopped.removeEventListener('abort', stop);
        resolve(ending);
      };
      stopped.addEventListener('abort', stop);
      socket.on('open', () => {
        heard();
        send(socket, { type: 'hello', protocol: 1, ...this.wishes, ...this.#session });
      });
      socket.on('ping', heard);
      socket.on('message', (data: Buffer) => {
        heard();
        try {
          const frame = decodeServerFrame(data.toString());
          if (frame.type === 'refused') refusal = frame;
          else if (frame.type === 'webhook') void this.#answer(socket, frame);
          else {
            pingIntervalMs = frame.ping_interval_ms;
            this.#welcome(frame);
          }
        } catch (error) {
          problem = `the server sent a frame that this version does not know (${messageOf(error)})`;
          socket.terminate();
        }
      });
      socket.on('unexpected-response', (_request, response) => {
        void readText(response).then((text) => {
          const words = wordsOf(parsed(text)) ?? 'Is that a Headrace server of this version?';
          const message = `${url} answered ${response.statusCode} to the tunnel. ${words}`;
          problem = message;
          if (finalStatuses.has(response.statusCode ?? 0)) end({ kind: 'refused', message });
          socket.terminate();
        });
      });
      socket.on('error', (error) => (problem ??= messageOf(error) || (error as NodeJS.ErrnoException).code));
      socket.on('close', (code) => {
        if (stopped.aborted) return end({ kind: 'stopped' });
        if (refusal) return end({ kind: 'refused', message: refusal.message });
        if (code === 4409) return end({ kind: 'refused', message: 'Another process goes on with this session.' });
        const reason = code === 1012 ? 'the server restarts' : (problem ?? `the connection was closed (${code})`);
        end({ kind: 'lost', reason: `${url} cannot be reached: ${reason}.` });
      });
    });
  }

  #welcome(welcome: WelcomeFrame): void {
    this.#welcomed = true;
    this.#session = { session: welcome.session, secret: welcome.secret };
    this.events.onWelcome(welcome);
  }

  /** Over the connection that asked: over a later one the server asks again. */
  async #answer(socket: WebSocket, webhook: WebhookFrame): Promise<void> {
    send(socket, await this.events.onWebhook(webhook));
  }
}

function send(socket: WebSocket, frame: ClientTunnelFrame): void {
  if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
}

async function readText(response: AsyncIterable<unknown>): Promise<string> {
  let text = '';
  try {
    for await (const chunk of response) {
      text += String(chunk);
      if (text.length > maxErrorText) break;
    }
  } catch {
    // A cut answer says what it says.
  }
  return text;
}

const maxErrorText = 16 * 1_024;
