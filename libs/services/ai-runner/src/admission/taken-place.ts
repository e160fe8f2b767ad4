import type { Place } from '../admission.port.js';
import type { Claim } from './claim.js';

/** What a place belongs to. */
export interface PlaceOwner {
  giveBack(claim: Claim): void;
  /** Takes a place among the calls of a provider: at once, or when there is one. */
  enterProvider(provider: string, project: string, signal: AbortSignal): Promise<void> | undefined;
  leaveProvider(provider: string, project: string): void;
}

/** A place among the generations that run, and among the calls of one provider. */
export class TakenPlace implements Place {
  /** Whose calls it counts among; null while it waits to. */
  private provider: string | null;
  private isReleased = false;

  constructor(
    private readonly owner: PlaceOwner,
    private readonly claim: Claim,
  ) {
    this.provider = claim.provider;
  }

  at(provider: string, signal: AbortSignal): Promise<void> | undefined {
    if (provider === this.provider || this.isReleased) return undefined;
    this.leave();
    const entering = this.owner.enterProvider(provider, this.claim.project, signal);
    if (entering) return entering.then(() => this.entered(provider));
    this.entered(provider);
    return undefined;
  }

  release(): void {
    if (this.isReleased) return;
    this.isReleased = true;
    this.leave();
    this.owner.giveBack(this.claim);
  }

  private entered(provider: string): void {
    this.provider = provider;
    // Given up while it waited.
    if (this.isReleased) this.leave();
  }

  /** Before it waits for another: two that waited for each other's place would wait for ever. */
  private leave(): void {
    if (this.provider !== null) this.owner.leaveProvider(this.provider, this.claim.project);
    this.provider = null;
  }
}
