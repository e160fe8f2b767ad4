import type { ChannelHandler, EventOutcome, JoinOutcome } from '../phoenix/channel-handler.port.js';
import { broadcast } from '../phoenix/broadcast.js';
import type { Subscription } from '../phoenix/subscription.js';
import type { FramePayload } from '@headrace/contracts';

/** The channels that ran on the recorded Phoenix server under `ai:*`. */
export class GoldenChannels implements ChannelHandler<unknown> {
  readonly #joined = new Map<string, Set<Subscription<unknown>>>();

  join(subscription: Subscription<unknown>, payload: FramePayload): JoinOutcome {
    switch (subscription.topic) {
      case 'ai:deny':
        return { status: 'error', response: { reason: 'unauthorized_project_access' } };
      case 'ai:crash':
        throw new Error('this join always crashes');
      case 'ai:reply':
        return { status: 'ok', response: { got: payload as string } };
      default:
        return { status: 'ok' };
    }
  }

  joined(subscription: Subscription<unknown>): void {
    const joined = this.#joined.get(subscription.topic) ?? new Set();
    this.#joined.set(subscription.topic, joined.add(subscription));
  }

  leave(subscription: Subscription<unknown>): void {
    this.#joined.get(subscription.topic)?.delete(subscription);
  }

  handle(subscription: Subscription<unknown>, event: string, payload: FramePayload): EventOutcome {
    switch (event) {
      case 'echo':
        return { reply: { status: 'ok', response: payload } };
      case 'err':
        return { reply: { status: 'error', response: payload } };
      case 'noreply':
        return {};
      case 'heartbeat':
        return { reply: { status: 'ok', response: {} } };
      case 'push_me':
        subscription.push('pushed', payload);
        return {};
      case 'push_bin':
        subscription.push('bin', Uint8Array.of(1, 2, 3));
        return {};
      case 'bcast':
        this.#broadcast(subscription.topic, payload);
        return { reply: { status: 'ok', response: {} } };
      case 'bcast_bin':
        this.#broadcast(subscription.topic, Uint8Array.of(9, 8, 7));
        return {};
      case 'stop':
        return { reply: { status: 'ok', response: { bye: true } }, stop: true };
      default:
        throw new Error(`no clause for the event ${event}`);
    }
  }

  #broadcast(topic: string, payload: FramePayload): void {
    broadcast(this.#joined.get(topic) ?? [], topic, 'bcast', payload);
  }
}
