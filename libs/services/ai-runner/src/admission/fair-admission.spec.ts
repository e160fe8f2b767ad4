import { afterEach, describe, expect, it } from '@jest/globals';
import { requestDecider } from '@headrace/domain';
import { anAcceptedRequest } from '@headrace/domain/testing';
import { EventLogUnavailable, handleCommand } from '@headrace/event-log';
import { InMemoryEventLog, InMemoryWaitingLines } from '@headrace/event-log/testing';
import { ProjectStore, type ProjectConfiguration } from '@headrace/project-store';
import { aBareProject } from '@headrace/project-store/testing';
import { waitFor } from '@headrace/testing';
import { Logger } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { AdmissionRequest, Place, Turn } from '../admission.port.js';
import { AsPlanned } from '../attempt-order.port.js';
import { AdmissionSettings } from './admission.settings.js';
import { FairAdmission } from './fair-admission.js';

Logger.overrideLogger(false);
const never = new AbortController().signal;
const stopping: FairAdmission[] = [];

afterEach(async () => {
  await Promise.all(stopping.splice(0).map((admission) => admission.onModuleDestroy()));
});

/** Projects that have limits of their own, or none. */
class LimitedProjects extends ProjectStore {
  isAway = false;

  constructor(private readonly limits: ReadonlyMap<string, number>) {
    super();
  }

  async authenticate(): Promise<undefined> {
    return undefined;
  }

  async project(id: string): Promise<ProjectConfiguration> {
    if (this.isAway) throw new Error('the database is away');
    const none = { project: null, key: null, user: null, ip: null, keys: {} };
    return aBareProject({ id, rateLimits: { ...none, concurrent: this.limits.get(id) ?? null } });
  }
}

/** Processes on one log and the same lines. */
class Stage {
  readonly log = new InMemoryEventLog();
  readonly lines = new InMemoryWaitingLines();
  /** Limits of projects by their ids. */
  readonly limits = new Map<string, number>();
  readonly projects = new LimitedProjects(this.limits);

  aProcess(settings: Partial<AdmissionSettings> = {}): FairAdmission {
    const used = Object.assign(new AdmissionSettings(), { inFlight: 4, waiting: 0 }, settings);
    const admission = new FairAdmission(used, new AsPlanned(), this.lines, this.log, this.projects);
    admission.onModuleInit();
    stopping.push(admission);
    return admission;
  }

  /** Accepts a request as the gateway does, and asks for it as the handler does. */
  async aRequest(project: string, overrides: Partial<AdmissionRequest['context']> = {}): Promise<AdmissionRequest> {
    const channel = randomUUID();
    const accepted = anAcceptedRequest({ acceptedAt: new Date().toISOString(), ...overrides });
    const address = { project, channel, aggregate: 'request' };
    const revision = await this.log.append(address, { type: 'request.accepted', data: accepted });
    const { context, plan } = accepted;
    return { project, channel, revision, context, plan, attemptsMade: 0 };
  }

  /** Asks for so many requests of a project, one after the other. */
  async flood(admission: FairAdmission, project: string, count: number) {
    const places: Place[] = [];
    let waiting = 0;
    for (let asked = 0; asked < count; asked += 1) {
      const verdict = await admission.admit(await this.aRequest(project), never);
      if (verdict.kind === 'admitted') places.push(verdict.place);
      else waiting += 1;
    }
    return { places, waiting };
  }

  async inLine(): Promise<number> {
    return (await this.lines.list()).reduce((sum, { length }) => sum + length, 0);
  }
}

/** Generates by noting who had a turn, and ends when it is told to. */
function aGenerator(admission: FairAdmission, run: (turn: Turn) => Promise<void> = async () => undefined) {
  const turns: Turn[] = [];
  admission.onTurn(async (turn) => {
    turns.push(turn);
    await run(turn);
  });
  return turns;
}

describe('a request that finds a place', () => {
  it('is let in at once, without a promise once its project is known', async () => {
    const stage = new Stage();
    const admission = stage.aProcess();
    expect(await admission.admit(await stage.aRequest('a'), never)).toMatchObject({ kind: 'admitted' });
    expect(admission.admit(await stage.aRequest('a'), never)).toMatchObject({ kind: 'admitted' });
  });

  it('has as many as its project allows, or else the operator', async () => {
    const stage = new Stage();
    stage.limits.set('a', 2);
    const admission = stage.aProcess({ inFlight: 100, perProject: 5 });
    expect((await stage.flood(admission, 'a', 10)).places).toHaveLength(2);
    expect((await stage.flood(admission, 'b', 10)).places).toHaveLength(5);
  });

  it('has as many as were allowed before while the database is away, or as the operator allows', async () => {
    const stage = new Stage();
    stage.projects.isAway = true;
    const admission = stage.aProcess({ inFlight: 100, perProject: 5 });
    expect((await stage.flood(admission, 'a', 10)).places).toHaveLength(5);
  });

  it('takes its part of such a limit where several processes generate', async () => {
    const stage = new Stage();
    stage.limits.set('a', 6);
    expect((await stage.flood(stage.aProcess({ inFlight: 100, processes: 3 }), 'a', 10)).places).toHaveLength(2);
  });

  it('finds one while another project has hundreds waiting', async () => {
    const stage = new Stage();
    const admission = stage.aProcess();
    const { places, waiting } = await stage.flood(admission, 'flood', 200);
    expect([places.length, waiting]).toEqual([3, 197]);
    expect(await admission.admit(await stage.aRequest('calm'), never)).toMatchObject({ kind: 'admitted' });
  });
});

describe('a request that finds none', () => {
  it('waits in memory while there is a seat, and begins when a place is free', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ inFlight: 1, waiting: 10 });
    const { places } = await stage.flood(admission, 'a', 1);
    const verdict = admission.admit(await stage.aRequest('a'), never);
    places[0]?.release();
    expect(await verdict).toMatchObject({ kind: 'admitted' });
    expect(await stage.inLine()).toBe(0);
  });

  it('leaves when its request ends, and takes no place with it', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ inFlight: 1, waiting: 10 });
    const { places } = await stage.flood(admission, 'a', 1);
    const ended = new AbortController();
    const verdict = admission.admit(await stage.aRequest('a'), ended.signal);
    ended.abort(new Error('cancelled'));
    await expect(verdict).rejects.toThrow('cancelled');
    places[0]?.release();
    expect(admission.admit(await stage.aRequest('a'), never)).toMatchObject({ kind: 'admitted' });
  });

  it('is told at once when it has waited for too long, and costs no place', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ inFlight: 1, waiting: 10 });
    await stage.flood(admission, 'a', 1);
    const expiresAt = new Date(Date.now() + 20).toISOString();
    expect(await admission.admit(await stage.aRequest('a', { expiresAt }), never)).toMatchObject({ kind: 'admitted' });
  });

  it('has its turn from the line, in any process, when there is a place', async () => {
    const stage = new Stage();
    await stage.flood(stage.aProcess({ inFlight: 1 }), 'a', 4);
    expect(await stage.inLine()).toBe(3);
    const turns = aGenerator(stage.aProcess());
    await waitFor(() => turns.length === 3);
    await waitFor(async () => (await stage.inLine()) === 0);
    expect(turns[0]).toMatchObject({ project: 'a', delivery: { count: 1, isLast: false } });
  });

  it('has it after those who are more urgent, and before those who came later', async () => {
    const stage = new Stage();
    const [first, other] = [stage.aProcess({ inFlight: 1 }), stage.aProcess({ inFlight: 1 })];
    await stage.flood(first, 'a', 1);
    const asked: string[] = [];
    for (const priority of ['low', 'normal', 'high', 'normal'] as const) {
      const request = await stage.aRequest('a', { priority });
      await first.admit(request, never);
      asked.push(request.channel);
    }
    const turns = aGenerator(other);
    await waitFor(() => turns.length === 4);
    expect(turns.map(({ channel }) => asked.indexOf(channel))).toEqual([2, 1, 3, 0]);
  });

  it('is not passed by one that comes later, while it waits in the line', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ inFlight: 2 });
    const { places } = await stage.flood(admission, 'a', 3);
    for (const place of places) place.release();
    expect(await admission.admit(await stage.aRequest('a'), never)).toEqual({ kind: 'waiting' });
  });

  it('has no turn when it was cancelled meanwhile', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ inFlight: 1 });
    await stage.flood(admission, 'a', 1);
    const { project, channel, ...request } = await stage.aRequest('a');
    await admission.admit({ project, channel, ...request }, never);
    const address = { project, channel, aggregate: 'request' };
    await handleCommand(stage.log, requestDecider, address, { type: 'cancel', at: new Date().toISOString() });
    const turns = aGenerator(stage.aProcess());
    await waitFor(async () => (await stage.inLine()) === 0);
    expect(turns).toEqual([]);
  });

  it('has another turn when the first one failed', async () => {
    const stage = new Stage();
    await stage.flood(stage.aProcess({ inFlight: 1 }), 'a', 2);
    let failures = 0;
    const turns = aGenerator(stage.aProcess(), async () => {
      if (failures++ === 0) throw new EventLogUnavailable('NATS is away');
    });
    await waitFor(async () => (await stage.inLine()) === 0, { timeoutMs: 10_000 });
    expect(turns.map(({ delivery }) => delivery.count)).toEqual([1, 2]);
  });

  it('is given back by a process that stops, to one that goes on', async () => {
    const stage = new Stage();
    await stage.flood(stage.aProcess({ inFlight: 1 }), 'a', 3);
    const dying = stage.aProcess({ inFlight: 1 });
    const ended = Promise.withResolvers<void>();
    const begun = aGenerator(dying, () => ended.promise);
    await waitFor(() => begun.length === 1);
    const stopped = dying.onModuleDestroy();
    ended.resolve();
    await stopped;
    const turns = aGenerator(stage.aProcess());
    await waitFor(async () => (await stage.inLine()) === 0);
    expect([begun.length, turns.length]).toEqual([1, 1]);
  });

  it('is asked for again by its message when it cannot be put into the line', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ inFlight: 1 });
    await stage.flood(admission, 'a', 1);
    stage.lines.join = () => Promise.reject(new EventLogUnavailable('NATS is away'));
    const verdict = admission.admit(await stage.aRequest('a'), never);
    await expect(verdict).rejects.toThrow(EventLogUnavailable);
  });

  it('waits in memory, seats or not, when it goes on after a wait of its own', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ inFlight: 1 });
    const { places } = await stage.flood(admission, 'a', 2);
    const verdict = admission.admit({ ...(await stage.aRequest('a')), attemptsMade: 1 }, never);
    places[0]?.release();
    expect(await verdict).toMatchObject({ kind: 'admitted' });
  });

  it('keeps its seat before somebody more urgent when it has begun: a line would take it for a repetition', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ inFlight: 1, waiting: 1 });
    const { places } = await stage.flood(admission, 'a', 1);
    const begun = await stage.aRequest('a', { priority: 'low', expiresAt: new Date(Date.now() + 1).toISOString() });
    const verdict = admission.admit({ ...begun, attemptsMade: 1 }, never);
    const urgent = await stage.aRequest('a', { priority: 'high' });
    expect(await admission.admit(urgent, never)).toEqual({ kind: 'waiting' });
    const turns = aGenerator(admission);
    places[0]?.release();
    expect(await verdict).toMatchObject({ kind: 'admitted' });
    expect(turns).toMatchObject([{ channel: urgent.channel }]);
  });
});

describe('a place', () => {
  it('moves on to the next provider, and waits where that one has no room', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ providerLimits: ['spare=1'], waiting: 10 });
    const { places } = await stage.flood(admission, 'a', 2);
    expect(places[0]?.at('spare', never)).toBeUndefined();
    const moving = places[1]?.at('spare', never);
    expect(moving).toBeInstanceOf(Promise);
    places[0]?.release();
    await moving;
  });

  it('that waits for a provider is given up with its request', async () => {
    const stage = new Stage();
    const admission = stage.aProcess({ providerLimits: ['spare=1'], waiting: 10 });
    const { places } = await stage.flood(admission, 'a', 2);
    void places[0]?.at('spare', never);
    const ended = new AbortController();
    const moving = places[1]?.at('spare', ended.signal);
    ended.abort(new Error('cancelled'));
    await expect(moving).rejects.toThrow('cancelled');
    places[1]?.release();
    places[1]?.release();
    expect(places[0]?.at('offline', never)).toBeUndefined();
  });
});
