import { retryShare, type EndpointLoad, type Standing } from './endpoint-load.js';

/** Share of the process's slots for all slow endpoints together; the rest is for those that are not slow. */
const slowShare = 1 / 4;
/** Share of the rest for all endpoints together that have not answered yet: any of them may turn out to hang. */
const newShare = 1 / 4;

/**
 * The process's slots, and who has them. An endpoint that turns out to be slow takes its attempts with it to the slow
 * ones' account, even beyond their share: it gets no new ones until they are fewer, and its place among the others is
 * free at once. So the process may have more attempts in flight than its limit for a while, but never more than twice
 * as many: from there on endpoints that hang stay where they are, among the new ones.
 */
export class ProcessSlots {
  private readonly forSlow: number;
  private readonly forOthers: number;
  private readonly forNew: number;
  private readonly forRetries: number;
  private slow = 0;
  private others = 0;
  private fresh = 0;
  private retries = 0;
  private slowEndpoints = 0;

  constructor(private readonly limit: number) {
    this.forSlow = Math.max(1, Math.floor(limit * slowShare));
    this.forOthers = Math.max(1, limit - this.forSlow);
    this.forNew = Math.max(1, Math.floor(this.forOthers * newShare));
    this.forRetries = retryShare(limit);
  }

  get inFlight(): number {
    return this.slow + this.others;
  }

  /** How many slots a slow endpoint may have: an even share among them, and never all. */
  get eachSlow(): number {
    return Math.max(1, Math.floor(this.forSlow / Math.max(2, this.slowEndpoints)));
  }

  hasRoom(standing: Standing, isRetry: boolean): boolean {
    if (isRetry && this.retries >= this.forRetries) return false;
    if (standing === 'slow') return this.slow < this.forSlow;
    return this.others < this.forOthers && (standing === 'fast' || this.fresh < this.forNew);
  }

  take(load: EndpointLoad, isRetry: boolean): void {
    load.inFlight += 1;
    this.count(load, 1);
    if (!isRetry) return;
    load.retries += 1;
    this.retries += 1;
  }

  giveBack(load: EndpointLoad, isRetry: boolean): void {
    load.inFlight -= 1;
    this.count(load, -1);
    if (!isRetry) return;
    load.retries -= 1;
    this.retries -= 1;
  }

  /** Gives an endpoint another standing, and its attempts another account. */
  move(load: EndpointLoad, standing: Standing): void {
    if (load.standing === standing) return;
    if (standing === 'slow' && this.slow + load.inFlight > 2 * this.limit - this.forOthers) return;
    this.count(load, -load.inFlight);
    if (load.standing === 'slow') this.slowEndpoints -= 1;
    if (standing === 'slow') this.slowEndpoints += 1;
    load.standing = standing;
    this.count(load, load.inFlight);
  }

  /** No longer counts a slow endpoint that is forgotten. */
  forget({ standing }: EndpointLoad): void {
    if (standing === 'slow') this.slowEndpoints -= 1;
  }

  private count({ standing, project }: EndpointLoad, by: number): void {
    if (standing === 'slow') {
      this.slow += by;
      return;
    }
    this.others += by;
    project.inFlight += by;
    if (standing === 'new') this.fresh += by;
  }
}
