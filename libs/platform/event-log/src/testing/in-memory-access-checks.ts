import type { AccessChecks, ProjectAccess } from '../access-checks.port.js';
import type { ChannelSubscription } from '../channel-feed.port.js';

/** Access as the test says: everything holds, until it is ended. */
export class InMemoryAccessChecks implements AccessChecks {
  private readonly ended = new Set<string>();
  /** Whether somebody can tell. */
  reachable = true;
  /** Questions so far. */
  asked = 0;

  /** Ends a key of a project, or all of a project. */
  end({ project, keyId }: ProjectAccess): void {
    this.ended.add(keyId ?? project);
  }

  stillHolds({ project, keyId }: ProjectAccess): Promise<boolean | undefined> {
    this.asked += 1;
    const holds = !this.ended.has(project) && !(keyId !== null && this.ended.has(keyId));
    return Promise.resolve(this.reachable ? holds : undefined);
  }

  answer(): ChannelSubscription {
    return { close: () => undefined };
  }
}
