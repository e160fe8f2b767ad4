import type { AggregateAddress } from '@headrace/contracts';
import type { AppendOptions } from '@headrace/event-log';
import { InMemoryEventLog } from '@headrace/event-log/testing';

/** A log in memory that a test can wait for. */
export class WatchedLog extends InMemoryEventLog {
  private readonly waiting = new Map<string, () => void>();

  /** Resolves when the next event of a type is appended. */
  next(type: string): Promise<void> {
    return new Promise((resolve) => this.waiting.set(type, resolve));
  }

  override async append(
    address: AggregateAddress,
    event: { readonly type: string; readonly data: unknown },
    options?: AppendOptions,
  ): Promise<number> {
    const sequence = await super.append(address, event, options);
    this.waiting.get(event.type)?.();
    return sequence;
  }
}
