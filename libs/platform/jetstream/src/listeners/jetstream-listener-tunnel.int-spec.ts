import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ListenerSession, TunnelDelivery, TunnelOutcome } from '@headrace/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { startNats, waitFor, type TestNats } from '@headrace/testing';
import type { JetStream } from '../create-jetstream.js';
import { openJetStream } from '../testing/index.js';

const never = new AbortController().signal;
const limits = { limitMs: 5_000, signal: never };

const delivery: TunnelDelivery = {
  channel: 'c1',
  deliveryId: 'dlv_1',
  attempt: 1,
  webhookType: 'task.completed',
  messageId: 'msg_1',
  body: '{"a":"ü"}',
  callbackUrl: null,
  traceParent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  timeLimitMs: 1_000,
};
const answered: TunnelOutcome = { kind: 'answered', status: 204, retryAfter: null, body: '', durationMs: 3 };

describe('listening sessions over several processes', () => {
  let nats: TestNats;
  let holder: JetStream;
  let dispatcher: JetStream;
  let project: string;
  let count = 0;

  beforeAll(async () => {
    nats = await startNats();
    [holder, dispatcher] = await Promise.all([open(), open()]);
    await Promise.all([holder.listeners.ready(), dispatcher.listeners.ready()]);
  });
  afterAll(async () => {
    await Promise.all([holder.close(), dispatcher.close()]);
    await nats.stop();
  });

  async function open(): Promise<JetStream> {
    return (await openJetStream(nats)).jetStream;
  }

  function aSession(overrides: Partial<ListenerSession> = {}): ListenerSession {
    project = `project-${++count}`;
    return {
      project,
      session: `lsn_${count}`,
      connection: 'c1',
      since: new Date().toISOString(),
      until: new Date(Date.now() + 60_000).toISOString(),
      webhookTypes: null,
      workflows: null,
      ...overrides,
    };
  }

  /** As the dispatcher's process knows it. */
  const known = (session: ListenerSession, connection: string | null = session.connection) =>
    waitFor(
      () => {
        const found = dispatcher.listeners.find(session.project, session.session);
        return found?.connection === connection && found;
      },
      { what: 'the other process knows the session' },
    );

  it('are known to the processes that run and to those that start later', async () => {
    const session = aSession();
    await holder.listeners.announce(session);
    expect(await known(session)).toEqual(session);
    const late = await open();
    await late.listeners.ready();
    expect(late.listeners.sessionsOf(session.project)).toEqual([session]);
    expect(late.listeners.sessionsOf('another')).toEqual([]);
    await late.close();
  });

  it('take one message each, however often they are told of', async () => {
    const session = aSession();
    for (let times = 0; times < 3; times += 1) await holder.listeners.announce(session);
    const subject = `lsn.session.${session.project}.>`;
    const info = await (
      await jetstreamManager(dispatcher.connection.client)
    ).streams.info('LISTENERS', { subjects_filter: subject });
    expect(Object.values(info.state.subjects ?? {})).toEqual([1]);
  });

  it('have their deliveries made by the process that holds the socket', async () => {
    const session = aSession();
    const taken: TunnelDelivery[] = [];
    const serving = holder.listeners.serve(session.session, 'c1', async (asked) => {
      taken.push(asked);
      return answered;
    });
    await holder.listeners.announce(session);
    expect(await dispatcher.listeners.ask(await known(session), delivery, limits)).toEqual(answered);
    expect(taken).toEqual([delivery]);
    serving.close();
  });

  it('are away when nobody holds their socket', async () => {
    const session = aSession();
    await holder.listeners.announce(session);
    expect(await dispatcher.listeners.ask(await known(session), delivery, limits)).toEqual({ kind: 'away' });
    expect(await dispatcher.listeners.ask({ ...session, connection: null }, delivery, limits)).toEqual({
      kind: 'away',
    });
  });

  it('are away as soon as their socket is another one, without waiting for the time limit', async () => {
    const session = aSession();
    const asked = Promise.withResolvers<void>();
    const serving = holder.listeners.serve(session.session, 'c1', () => {
      asked.resolve();
      return new Promise(() => undefined);
    });
    await holder.listeners.announce(session);
    const outcome = dispatcher.listeners.ask(await known(session), delivery, { ...limits, limitMs: 60_000 });
    await asked.promise;
    await holder.listeners.announce({ ...session, connection: 'c2', since: new Date().toISOString() });
    expect(await outcome).toEqual({ kind: 'away' });
    serving.close();
  });

  it('leave an attempt undecided when the process that makes it stops', async () => {
    const session = aSession();
    const stop = new AbortController();
    const serving = holder.listeners.serve(session.session, 'c1', () => {
      stop.abort(new Error('stopping'));
      return new Promise(() => undefined);
    });
    await holder.listeners.announce(session);
    const asking = dispatcher.listeners.ask(await known(session), delivery, { ...limits, signal: stop.signal });
    await expect(asking).rejects.toThrow('stopping');
    serving.close();
  });

  it('are known again after NATS was away', async () => {
    const session = aSession();
    await holder.listeners.announce(session);
    await known(session);
    await nats.restart();
    const moved = { ...session, connection: 'c2', since: new Date().toISOString() };
    await waitFor(async () => {
      await holder.listeners.announce(moved);
      return true;
    });
    expect(await known(session, 'c2')).toEqual(moved);
  });
});
