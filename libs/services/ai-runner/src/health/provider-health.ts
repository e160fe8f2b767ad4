import { HeadraceSettings } from '@headrace/config';
import type { GenerationAttempt, GenerationTarget } from '@headrace/contracts';
import { metrics } from '@headrace/telemetry';
import { Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { AttemptOrder } from '../attempt-order.port.js';
import { ProviderHealthSettings } from './health.settings.js';
import { anIllness, isTriedLast, noteFailure, noteRest, type Illness } from './illness.js';

/** Failures that tell of the provider, and not of what it was asked. */
const ofProvider: ReadonlySet<string> = new Set([
  'provider_failed',
  'timeout',
  'connection_failed',
  'authentication_failed',
  'missing_credentials',
]);
/** Providers count calls of each model for itself. */
const ofModel: ReadonlySet<string> = new Set(['rate_limited']);
const remembered = 10_000;
/** Longer than a probe's own time limit, for what comes before and behind its call. */
const probeGraceMs = 5_000;

type Target = Pick<GenerationTarget, 'provider' | 'model'>;

/**
 * Tries targets that keep failing last: after some failures in a row, for 5 s at first and then longer, up to 5 min;
 * one that says for how long it wants no calls (`Retry-After`), for so long.
 * Then a single request tries whether it is back, in its planned place. What is remembered is of this process and of one
 * project, whose credentials and base URLs are its own: a wrong key of one makes no other's order.
 */
@Injectable()
export class ProviderHealth implements AttemptOrder, OnModuleDestroy {
  /** By project, provider and, for what is of one model, model. */
  private readonly illnesses = new Map<string, Illness>();
  private readonly logger = new Logger('ai-runner');
  private readonly stopReporting: () => void;
  /** The clock, in milliseconds. */
  now: () => number = Date.now;

  constructor(
    private readonly settings: ProviderHealthSettings,
    private readonly headrace: HeadraceSettings,
  ) {
    this.stopReporting = metrics.providersTriedLast.report(() => {
      const now = this.now();
      return [...this.illnesses.values()].filter((illness) => isTriedLast(illness, now)).length;
    });
  }

  onModuleDestroy(): void {
    this.stopReporting();
  }

  orderOf(project: string, targets: readonly GenerationTarget[]): readonly number[] {
    const order = this.orderNow(project, targets);
    const [first] = order;
    const target = first === undefined ? undefined : targets[first];
    if (target && targets.length > 1) this.beginProbe(project, target);
    return order;
  }

  likelyFirst(project: string, targets: readonly GenerationTarget[]): number {
    return this.orderNow(project, targets)[0] ?? 0;
  }

  whyNotAsPlanned(project: string, targets: readonly GenerationTarget[]): string | undefined {
    const now = this.now();
    const late = targets.flatMap((target) => {
      const illness = this.illnessesOf(project, target).find((each) => isTriedLast(each, now));
      return illness ? sentence(target, illness) : [];
    });
    // When all of them are ill, the order is as planned.
    return late.length === 0 || late.length === targets.length ? undefined : [...new Set(late)].join(' ');
  }

  noteAttempt(project: string, attempt: GenerationAttempt): void {
    const { provider, model, status, code, httpStatus, retryAfterMs } = attempt;
    if (this.settings.failures === 0) return;
    if (status === 'success') return this.noteWell(project, { provider, model });
    if (code === undefined) return;
    // Whatever was wrong with what it was asked: it did answer.
    if (!ofProvider.has(code) && !ofModel.has(code)) return this.noteWell(project, { provider, model });
    const key = ofModel.has(code) ? modelKey(project, { provider, model }) : providerKey(project, provider);
    const illness = this.remember(key);
    const what = httpStatus === null ? code : `HTTP ${httpStatus}`;
    const isIll = noteFailure(illness, what, this.settings.failures, this.now(), this.headrace.timeScale);
    if (retryAfterMs !== undefined) noteRest(illness, retryAfterMs, this.now());
    if (!isIll) return;
    const { failures, until } = illness;
    const untilTime = new Date(until).toISOString();
    this.logger.warn({
      msg: 'provider tried last',
      project,
      provider,
      model,
      failures,
      reason: what,
      until: untilTime,
    });
  }

  private orderNow(project: string, targets: readonly GenerationTarget[]): number[] {
    const places = targets.map((_target, place) => place);
    if (this.illnesses.size === 0 || targets.length < 2) return places;
    const now = this.now();
    const isLate = targets.map((target) => this.illnessesOf(project, target).some((each) => isTriedLast(each, now)));
    return [...places.filter((place) => !isLate[place]), ...places.filter((place) => isLate[place])];
  }

  /** Somebody tries whether what was ill is well again; everybody else goes on to try it last until that is known. */
  private beginProbe(project: string, target: GenerationTarget): void {
    const now = this.now();
    for (const illness of this.illnessesOf(project, target)) {
      if (illness.until === 0 || illness.until > now || illness.probedUntil > now) continue;
      illness.probedUntil = now + target.timeoutMs + probeGraceMs;
    }
  }

  private noteWell(project: string, target: Target): void {
    const wasIll = this.illnessesOf(project, target).some(({ until }) => until !== 0);
    this.illnesses.delete(providerKey(project, target.provider));
    this.illnesses.delete(modelKey(project, target));
    if (wasIll) this.logger.log({ msg: 'provider tried as planned again', project, ...target });
  }

  private illnessesOf(project: string, target: Target): Illness[] {
    const keys = [providerKey(project, target.provider), modelKey(project, target)];
    return keys.flatMap((key) => this.illnesses.get(key) ?? []);
  }

  private remember(key: string): Illness {
    const illness = this.illnesses.get(key) ?? anIllness();
    // The one that failed last is the last to be forgotten.
    this.illnesses.delete(key);
    this.illnesses.set(key, illness);
    if (this.illnesses.size > remembered) {
      const [oldest] = this.illnesses.keys();
      if (oldest !== undefined) this.illnesses.delete(oldest);
    }
    return illness;
  }
}

const providerKey = (project: string, provider: string): string => `${project} ${provider}`;
const modelKey = (project: string, { provider, model }: Target): string => `${project} ${provider}\n${model}`;

function sentence({ provider }: Target, { failures, lastFailure, until }: Illness): string {
  const times = failures === 1 ? 'once' : `${failures} times in a row`;
  return `${provider} failed ${times} (${lastFailure}), so it is tried last until ${new Date(until).toISOString()}.`;
}
