import type { Claim } from './claim.js';

/** Most generations of one process at the same time. */
export interface PlaceLimits {
  readonly inFlight: number;
  /** Of one provider, by its name; `*` for every other one. */
  readonly perProvider: ReadonlyMap<string, number>;
}

/** How many times what is still free somebody may have: three quarters of a whole that nobody else wants any of. */
const shareOfFree = 3;
/** One of so many is kept for projects that have none. */
const keptOf = 32;

/**
 * The places of a process, and who has them.
 *
 * However much a project asks for, it gets no more than three times what is left: alone three quarters of all, two
 * projects three sevenths each, and so on (dynamic thresholds, as switches share their buffers). So there is a place for
 * whoever comes next; a small part is kept for those who have none, for the moments before it has evened out. The same holds among the lines of a
 * project (a provider that hangs does not take its other workflows' places) and among the projects at a provider that
 * has a limit.
 */
export class Places {
  private readonly taken = new Map<string, number>();
  private inAll = 0;

  constructor(private readonly limits: PlaceLimits) {}

  /** Generations that run. */
  get inFlight(): number {
    return this.inAll;
  }

  /** Those of one project. */
  inFlightOf(project: string): number {
    return this.count(`project ${project}`);
  }

  /** Whether a generation may begin. */
  hasRoom(claim: Claim): boolean {
    const { project, line, workflow, projectLimit } = claim;
    const free = this.limits.inFlight - this.inAll;
    if (free <= 0) return false;
    const ofProject = this.inFlightOf(project);
    if (ofProject > 0 && free <= Math.floor(this.limits.inFlight / keptOf)) return false;
    if (projectLimit !== null && ofProject >= projectLimit) return false;
    if (ofProject >= shareOfFree * free) return false;
    if (this.count(`line ${project} ${line}`) >= shareOfFree * (shareOfFree * free - ofProject)) return false;
    if (workflow !== null && this.count(`workflow ${project} ${workflow.name}`) >= workflow.limit) return false;
    return this.hasRoomAt(claim.provider, project);
  }

  /** How many like this one may begin, about; 0 when none may. */
  roomFor(claim: Claim): number {
    if (!this.hasRoom(claim)) return 0;
    const { project, workflow, provider, projectLimit } = claim;
    const { inFlight } = this.limits;
    const limit = this.limitOf(provider);
    return Math.min(
      inFlight - this.inAll,
      projectLimit === null ? Infinity : projectLimit - this.inFlightOf(project),
      workflow === null ? Infinity : workflow.limit - this.count(`workflow ${project} ${workflow.name}`),
      limit === undefined ? Infinity : limit - this.count(`provider ${provider}`),
    );
  }

  /** Whether one more call of a provider may begin. */
  hasRoomAt(provider: string, project: string): boolean {
    const limit = this.limitOf(provider);
    if (limit === undefined) return true;
    const free = limit - this.count(`provider ${provider}`);
    return free > 0 && this.count(`provider ${provider} ${project}`) < shareOfFree * free;
  }

  take(claim: Claim): void {
    this.change(claim, 1);
  }

  giveBack(claim: Claim): void {
    this.change(claim, -1);
  }

  /** Takes a place among the calls of a provider. */
  enter(provider: string, project: string): void {
    this.changeAt(provider, project, 1);
  }

  leave(provider: string, project: string): void {
    this.changeAt(provider, project, -1);
  }

  private change({ project, line, workflow }: Claim, by: number): void {
    this.inAll += by;
    this.add(`project ${project}`, by);
    this.add(`line ${project} ${line}`, by);
    if (workflow !== null) this.add(`workflow ${project} ${workflow.name}`, by);
  }

  private changeAt(provider: string, project: string, by: number): void {
    if (this.limitOf(provider) === undefined) return;
    this.add(`provider ${provider}`, by);
    this.add(`provider ${provider} ${project}`, by);
  }

  private limitOf(provider: string): number | undefined {
    const { perProvider } = this.limits;
    return perProvider.get(provider) ?? perProvider.get('*');
  }

  private count(name: string): number {
    return this.taken.get(name) ?? 0;
  }

  private add(name: string, by: number): void {
    const count = this.count(name) + by;
    if (count === 0) this.taken.delete(name);
    else this.taken.set(name, count);
  }
}
