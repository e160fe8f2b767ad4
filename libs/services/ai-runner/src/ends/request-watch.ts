/** The request has ended while it was worked on: what it would have come to is of no use any more. */
export class RequestEnded extends Error {
  override readonly name = 'RequestEnded';

  constructor() {
    super('The request has ended.');
  }
}

/** One request that is worked on, until `close`. */
export class RequestWatch {
  private readonly controller = new AbortController();
  private readonly onStop = (): void => this.controller.abort(this.stop.reason);

  constructor(
    private readonly stop: AbortSignal,
    private readonly onClose: () => void,
  ) {
    if (stop.aborted) this.onStop();
    else stop.addEventListener('abort', this.onStop, { once: true });
  }

  /** Aborted when the request ends or the process stops. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether the request ended, as far as this process has heard. */
  get hasEnded(): boolean {
    return this.controller.signal.reason instanceof RequestEnded;
  }

  /** Says that the request ended. */
  end(): void {
    this.controller.abort(new RequestEnded());
  }

  close(): void {
    this.stop.removeEventListener('abort', this.onStop);
    this.onClose();
  }
}
