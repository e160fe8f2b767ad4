import {
  EVENT_LOG,
  WAITING_LINES,
  type EventLog,
  type TakenRequest,
  type WaitingLine,
  type WaitingLines,
} from '@headrace/event-log';
import { ProjectStore } from '@headrace/project-store';
import { metrics } from '@headrace/telemetry';
import { Inject, Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { Admission, AdmissionRequest, AdmissionVerdict, Place, Turn } from '../admission.port.js';
import { ATTEMPT_ORDER, type AttemptOrder } from '../attempt-order.port.js';
import { AdmissionSettings, providerLimitsOf } from './admission.settings.js';
import { claimOf, type Claim, type Claimant } from './claim.js';
import { OutsideLines } from './outside-lines.js';
import { Places } from './places.js';
import { ProjectLimits } from './project-limits.js';
import { ProviderDoors } from './provider-doors.js';
import { TakenPlace } from './taken-place.js';
import { Turns } from './turns.js';
import { WaitingRoom, type Waiter } from './waiting-room.js';

/** How often a process looks for lines that others filled, or left behind when they died. */
const lookEveryMs = 1_000;
/** So many are taken out of a line at a time while there is room for it. */
const takenAtOnce = 64;
/** For an answer without a provider. */
const nobody = 'test mode';

const freePass: Place = { at: () => undefined, release: () => undefined };

/**
 * Lets generations begin so that no project makes another wait (`Places` says how many, `WaitingRoom` who is next). Who
 * has to wait does so in memory if there is a seat, else in a line in NATS: that holds none of the consumer's messages,
 * so what waits never stands in the way of what comes, and it survives every process.
 */
@Injectable()
export class FairAdmission implements Admission, OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger('ai-runner');
  private readonly places: Places;
  private readonly room: WaitingRoom;
  private readonly outside: OutsideLines;
  private readonly turns: Turns;
  private readonly doors: ProviderDoors;
  private readonly projectLimits: ProjectLimits;
  private readonly reports: readonly (() => void)[];
  private looking: NodeJS.Timeout | undefined;
  private isTending = false;
  private tendAgain = false;
  private isStopping = false;

  constructor(
    private readonly settings: AdmissionSettings,
    @Inject(ATTEMPT_ORDER) private readonly order: AttemptOrder,
    @Inject(WAITING_LINES) private readonly lines: WaitingLines,
    @Inject(EVENT_LOG) log: EventLog,
    projects: ProjectStore,
  ) {
    const { inFlight, perProject, processes } = settings;
    this.places = new Places({ inFlight, perProvider: providerLimitsOf(settings) });
    this.projectLimits = new ProjectLimits(projects, perProject === 0 ? null : perProject, processes);
    this.room = new WaitingRoom(settings.waiting);
    this.outside = new OutsideLines(lines);
    this.doors = new ProviderDoors(this.places);
    this.turns = new Turns(log);
    this.reports = [
      metrics.generationsInFlight.report(() => this.places.inFlight),
      metrics.generationsWaiting.report(() => [
        [['memory'], this.room.size],
        [['line'], this.outside.waiting],
      ]),
    ];
  }

  onModuleInit(): void {
    this.looking = setInterval(() => void this.look(), lookEveryMs).unref();
  }

  /** Gives generations that came out of lines the time to end, and the rest back. */
  async onModuleDestroy(): Promise<void> {
    this.isStopping = true;
    clearInterval(this.looking);
    await this.turns.stop();
    this.lines.giveAllBack();
    for (const stop of this.reports) stop();
  }

  onTurn(generate: (turn: Turn) => Promise<void>): void {
    this.turns.generate = generate;
    void this.look();
  }

  admit(request: AdmissionRequest, signal: AbortSignal): AdmissionVerdict | Promise<AdmissionVerdict> {
    const reading = this.projectLimits.ready(request.project);
    return reading ? reading.then(() => this.admitKnown(request, signal)) : this.admitKnown(request, signal);
  }

  private admitKnown(request: AdmissionRequest, signal: AbortSignal): AdmissionVerdict | Promise<AdmissionVerdict> {
    const claim = this.claimOf(request);
    // What goes on after a wait has been let in before: the lines are for those who begin.
    const isAhead = this.room.isAhead(claim) || (request.attemptsMade === 0 && this.outside.isAhead(claim));
    if (!isAhead && this.places.hasRoom(claim)) return { kind: 'admitted', place: this.begin(claim) };
    return this.wait(request, claim, signal);
  }

  private async wait(request: AdmissionRequest, claim: Claim, signal: AbortSignal): Promise<AdmissionVerdict> {
    if (this.mayWaitHere(request, claim)) {
      const place = await this.waitHere(claim, request, signal);
      if (place) return { kind: 'admitted', place };
    }
    const { channel, revision } = request;
    await this.outside.join(claim, { channel, revision });
    metrics.generationsParked.with().add();
    void this.tend();
    return { kind: 'waiting' };
  }

  private mayWaitHere({ attemptsMade, project }: AdmissionRequest, claim: Claim): boolean {
    if (attemptsMade > 0) return true;
    if (this.outside.isAhead(claim)) return false;
    if (this.room.takes(project)) return true;
    const displaced = this.room.displace(claim);
    displaced?.sendAway();
    return displaced !== undefined;
  }

  /** Resolves to a place; to undefined when somebody more urgent took the seat. */
  private waitHere(claim: Claim, request: AdmissionRequest, signal: AbortSignal): Promise<Place | undefined> {
    signal.throwIfAborted();
    const hasBegun = request.attemptsMade > 0;
    // What has begun is finished.
    const expiresAt = hasBegun ? undefined : request.context.expiresAt;
    return new Promise((resolve, reject) => {
      const end = (): void => {
        signal.removeEventListener('abort', abort);
        clearTimeout(expiry);
      };
      const settle = (place: Place | undefined): void => {
        end();
        resolve(place);
      };
      const abort = (): void => {
        if (!this.room.remove(waiter)) return;
        end();
        reject(signal.reason as Error);
      };
      const waiter: Waiter = {
        claim,
        isFromLine: false,
        hasBegun,
        start: () => settle(this.begin(claim)),
        sendAway: () => settle(undefined),
      };
      // Who waited for too long needs no place to be told so.
      const expire = (): void => void (this.room.remove(waiter) && settle(freePass));
      const expiry = expiresAt === undefined ? undefined : setTimeout(expire, untilMs(expiresAt)).unref();
      signal.addEventListener('abort', abort);
      this.room.add(waiter);
      // A place may have become free since it was looked for.
      this.serve();
    });
  }

  private begin(claim: Claim): Place {
    this.places.take(claim);
    this.places.enter(claim.provider, claim.project);
    return new TakenPlace(this.owner, claim);
  }

  private readonly owner = {
    giveBack: (claim: Claim): void => {
      this.places.giveBack(claim);
      this.serve();
      void this.tend();
    },
    enterProvider: (provider: string, project: string, signal: AbortSignal) =>
      this.doors.enter(provider, project, signal),
    leaveProvider: (provider: string, project: string): void => {
      this.doors.leave(provider, project);
      this.serve();
    },
  };

  /** Gives free places to those who wait here, in turn. */
  private serve(): void {
    // What a process that ends begins, it could not end.
    if (this.room.size === 0 || this.isStopping) return;
    const hasRoom = (claim: Claim): boolean => this.places.hasRoom(claim) && !this.outside.hasMoreUrgent(claim);
    const inFlightOf = (project: string): number => this.places.inFlightOf(project);
    for (let next = this.room.next(hasRoom, inFlightOf); next; next = this.room.next(hasRoom, inFlightOf)) next.start();
  }

  private async look(): Promise<void> {
    try {
      await this.outside.look();
    } catch (error) {
      this.logger.debug({ msg: 'Waiting lines could not be looked at', reason: String(error) });
    }
    await this.tend();
  }

  /** Sees to it that of each line outside somebody waits here, or as many as there is room for. */
  private async tend(): Promise<void> {
    if (this.outside.isEmpty) return;
    this.tendAgain = this.isTending;
    if (this.isTending || this.isStopping || !this.turns.generate) return;
    this.isTending = true;
    try {
      do {
        this.tendAgain = false;
        await this.outside.take(
          (line, claim) => this.wanted(line, claim),
          (line, taken) => this.takeIn(line, taken),
        );
        // Only now: of those who were taken together the most urgent is first.
        this.serve();
      } while (this.tendAgain);
    } catch (error) {
      this.logger.debug({ msg: 'Waiting lines could not be read', reason: String(error) });
      this.serve();
    } finally {
      this.isTending = false;
    }
  }

  private wanted(line: WaitingLine, claim: Claim | undefined): number {
    if (this.room.fromLine(line) > 0) return 0;
    return claim ? Math.min(Math.max(1, this.places.roomFor(claim)), takenAtOnce) : 1;
  }

  /** Takes in somebody who was taken out of a line. */
  private async takeIn(line: WaitingLine, taken: TakenRequest): Promise<Claim | undefined> {
    const claimant = await this.turns.claimantOf(line.project, taken);
    if (!claimant) return undefined;
    await this.projectLimits.ready(line.project);
    const claim = { ...this.claimOf(claimant), line: line.name, priority: line.priority };
    this.room.add({
      claim,
      isFromLine: true,
      hasBegun: false,
      start: () => void this.turns.give(line.project, taken, this.begin(claim)),
      sendAway: () => taken.giveBack(),
    });
    return claim;
  }

  private claimOf(claimant: Claimant & Pick<AdmissionRequest, 'plan' | 'context'>): Claim {
    const { project, context, plan } = claimant;
    const first = plan.targets[this.order.likelyFirst(project, plan.targets)];
    const provider = context.testMode ? nobody : (first?.provider ?? nobody);
    const projectLimit = this.projectLimits.of(project);
    return claimOf(claimant, { provider, projectLimit, processes: this.settings.processes });
  }
}

/** Longer than a timer can wait is for ever; looked at in time by nobody, it is looked at when its turn comes. */
const longestTimerMs = 2_147_483_647;
const untilMs = (instant: string): number => Math.min(Math.max(0, Date.parse(instant) - Date.now()), longestTimerMs);
