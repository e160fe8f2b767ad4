import type { WebhookFrame } from '@headrace/contracts';
import type { LocalOutcome } from './local-server.js';

/** Far more than can be asked for again within the time that a lost connection is waited for. */
const maximumKept = 1_000;

/**
 * Makes each attempt once. After a lost connection the server asks again for what it had no answer to; an attempt
 * that was made, or is being made, then answers with what came of it.
 */
export class MadeAttempts {
  readonly #made = new Map<string, Promise<LocalOutcome>>();

  constructor(private readonly make: (webhook: WebhookFrame) => Promise<LocalOutcome>) {}

  outcomeOf(webhook: WebhookFrame): Promise<LocalOutcome> {
    const known = this.#made.get(webhook.id);
    if (known) return known;
    const outcome = this.make(webhook);
    this.#made.set(webhook.id, outcome);
    if (this.#made.size > maximumKept) this.#forgetOldest();
    return outcome;
  }

  #forgetOldest(): void {
    const [oldest] = this.#made.keys();
    if (oldest !== undefined) this.#made.delete(oldest);
  }
}
