import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { openChannel, waitFor } from '@headrace/testing';
import { Dashboard, type ProjectChange } from '../support/dashboard.js';
import { RequestEvents } from '../support/event-source.js';
import { newProject } from '../support/project.js';
import { testsOn, type Stage } from '../support/stage.js';
import { startSystem, type Mode, type System } from '../support/system.js';
import { timeScale, workflows, createWorkflows } from '../support/workflows.js';
import { ApiClient } from '../support/api-client.js';

const startLimitMs = 90_000;
const mostSockets = 3;

interface TokenAnswer {
  readonly token: string;
  readonly project_id: string;
  readonly websocket_url: string;
  readonly websocket_channel: string;
}

const isPush = ({ state, channel_id }: ProjectChange, channel: string): boolean =>
  state === 'pushed' && channel_id === channel;

const projectOf = async (api: ApiClient): Promise<string> => (await api.ask({ workflow: 'demo' })).project_id;

const tokenFor = (api: ApiClient, project: string): Promise<TokenAnswer> =>
  api.must('POST', `/v1/projects/${project}/realtime-token`);

async function aDashboard(stage: Stage, asker: ApiClient, project: string): Promise<Dashboard> {
  const { token, websocket_url: websocketUrl, websocket_channel: topic } = await tokenFor(asker, project);
  const dashboard = await Dashboard.open({ websocketUrl, topic, token });
  stage.atEnd(() => dashboard.drop());
  return dashboard;
}

/** What dashboards may rely on, on a system of its own. */
export function describeProjectChannel(mode: Mode): void {
  describe(`dashboards of a system in ${mode} ${mode === 'one' ? 'process' : 'processes'}`, () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ mode, timeScale });
      await createWorkflows(system.api);
    }, startLimitMs);
    afterAll(() => system?.stop(), startLimitMs);
    const test = testsOn(() => system);
    let replica: Promise<string> | undefined;
    /** A second hub, which bounds the sockets of one channel. */
    const otherProcess = (): Promise<string> =>
      (replica ??= system.addReplica('realtime-hub', { HEADRACE_REALTIME_MAX_SOCKETS_PER_TOKEN: String(mostSockets) }));
    /** Its `websocket_url`. */
    const otherHub = async (): Promise<string> => `${(await otherProcess()).replace('http', 'ws')}/socket`;

    test('are told of a request from its arrival to its end, and of its webhook', async (stage) => {
      const backend = await stage.backend();
      const dashboard = await aDashboard(stage, stage.api, await projectOf(stage.api));
      const { channel_id: channel } = await stage.api.ask({ workflow: workflows.eventDriven });
      await backend.callback(await backend.webhook(channel), { data: { id: 'row-1' } });
      const told = await dashboard.until(channel, ['accepted', 'generated', 'delivered', 'completed']);
      const decisions = told.filter(({ type }) => type.startsWith('request.'));
      expect(decisions.map(({ state }) => state)).toEqual(['accepted', 'generated', 'completed']);
      expect(decisions.at(-1)).toMatchObject({
        workflow: workflows.eventDriven,
        provider: 'offline',
        duration_ms: expect.any(Number),
        elapsed_ms: expect.any(Number),
        callback: true,
      });
      expect(told.find(({ state }) => state === 'delivered')).toMatchObject({ attempt: 1, http_status: 200 });
      expect(JSON.stringify(told)).not.toContain('row-1');
    });

    test('are told of a cancelled request', async (stage) => {
      const dashboard = await aDashboard(stage, stage.api, await projectOf(stage.api));
      const { channel_id: channel } = await stage.api.ask({ workflow: 'demo', metadata: { latency_ms: 5_000 } });
      await stage.api.must('POST', `/v1/requests/${channel}/cancel`);
      const told = await dashboard.until(channel, ['accepted', 'cancelled']);
      expect(told.at(-1)).toMatchObject({ state: 'cancelled', error_code: 'cancelled' });
    });

    test('see how many sockets got a state', async (stage) => {
      const dashboard = await aDashboard(stage, stage.api, await projectOf(stage.api));
      const reply = await stage.api.ask({ workflow: 'demo', metadata: { latency_ms: 400 } });
      const viewers = [await stage.browser(reply), await stage.browser(reply)];
      await Promise.all(viewers.map((viewer) => viewer.next()));
      const told = await dashboard.until(reply.channel_id, ['viewed', 'pushed']);
      expect(told.find(({ state }) => state === 'pushed')).toMatchObject({ pushed: 'success', viewers: 2 });
    });

    test('of another hub are told the same, and how many look on at each hub and over HTTP', async (stage) => {
      const websocketUrl = await otherHub();
      const { token, websocket_channel: topic } = await tokenFor(stage.api, await projectOf(stage.api));
      const dashboard = await Dashboard.open({ websocketUrl, topic, token });
      stage.atEnd(() => dashboard.drop());
      const reply = await stage.api.ask({ workflow: 'demo', metadata: { latency_ms: 1_500 } });
      const there = { websocketUrl, topic: reply.websocket_channel, token: reply.ws_token };
      const viewers = [await stage.browser(reply), await openChannel(there), await openChannel(there)];
      for (const viewer of viewers) stage.atEnd(() => viewer.drop());
      const page = new RequestEvents(stage.api.url, reply);
      stage.atEnd(() => page.close());
      await Promise.all([page.ended(), ...viewers.map((viewer) => viewer.next())]);
      await dashboard.until(reply.channel_id, ['accepted', 'completed']);
      const pushed = () => dashboard.changes.filter((change) => isPush(change, reply.channel_id));
      await waitFor(() => pushed().length === 3);
      expect(pushed().map(({ transport, viewers: count }) => [transport, count])).toEqual(
        expect.arrayContaining([
          ['socket', 1],
          ['socket', 2],
          ['events', 1],
        ]),
      );
      const told = await waitFor(async () => {
        const { timeline } = await stage.api.request(reply.channel_id);
        return timeline.find(
          ({ kind, status, sockets }) => kind === 'realtime' && status === 'success' && sockets === 4,
        );
      });
      expect(told.pushes).toHaveLength(3);
    });

    test('see viewers at all hubs and over HTTP come and go between states', async (stage) => {
      const project = await projectOf(stage.api);
      const early = await aDashboard(stage, stage.api, project);
      const reply = await stage.api.ask({ workflow: 'demo', metadata: { latency_ms: 30_000 } });
      const websocketUrl = await otherHub();
      const there = await openChannel({ websocketUrl, topic: reply.websocket_channel, token: reply.ws_token });
      const here = [await stage.browser(reply), await stage.browser(reply)];
      const page = new RequestEvents(stage.api.url, reply);
      for (const leave of [() => there.drop(), () => page.close()]) stage.atEnd(leave);
      const sees = ({ viewers }: Dashboard, count: number) => waitFor(() => viewers.get(reply.channel_id) === count);
      await sees(early, 4);
      here[0]?.drop();
      page.close();
      await sees(early, 2);
      await sees(await aDashboard(stage, stage.api, project), 2);
      await stage.api.must('POST', `/v1/requests/${reply.channel_id}/cancel`);
      await sees(early, 0);
    });

    // In six processes no one has both.
    if (mode === 'one') {
      test('and viewers are limited together, on sockets and over HTTP', async (stage) => {
        const reply = await stage.api.ask({ workflow: 'demo', metadata: { latency_ms: 30_000 } });
        const { ws_token: token, websocket_channel: topic, channel_id: channel } = reply;
        const websocketUrl = await otherHub();
        const sockets = await Promise.all(
          Array.from({ length: mostSockets }, () => openChannel({ websocketUrl, topic, token })),
        );
        for (const socket of sockets) stage.atEnd(() => socket.drop());
        const events = `${await otherProcess()}/v1/requests/${channel}/events?token=${token}`;
        const follow = async () => {
          const { status, headers, body } = await fetch(events);
          await body?.cancel();
          return [status, headers.has('retry-after')];
        };
        expect(await follow()).toEqual([429, true]);
        sockets[0]?.drop();
        await waitFor(async () => (await follow())[0] === 200);
        await stage.api.must('POST', `/v1/requests/${channel}/cancel`);
      });
    }

    test('of the administrator watch any project, and only that one', async (stage) => {
      const [project, other] = [await newProject(system), await newProject(system)];
      const dashboard = await aDashboard(stage, system.administrator, project.id);
      await other.api.ask({ workflow: 'demo' });
      const { channel_id: channel } = await project.api.ask({ workflow: 'demo' });
      await dashboard.until(channel, ['accepted', 'completed']);
      expect(new Set(dashboard.changes.map(({ channel_id }) => channel_id))).toEqual(new Set([channel]));
    });

    test('whose key is revoked are cut at every hub and cannot come back, as are those who follow with it', async (stage) => {
      const project = await newProject(system);
      const made = await project.api.must<{ id: string; key: string }>('POST', '/v1/api-keys', { name: 'dashboards' });
      const withKey = new ApiClient(project.api.url, made.key);
      const granted = await tokenFor(withKey, project.id);
      const hubs = [granted.websocket_url, await otherHub()];
      const { token, websocket_channel: topic } = granted;
      const cut = await Promise.all(hubs.map((websocketUrl) => Dashboard.open({ websocketUrl, topic, token })));
      const other = await aDashboard(stage, project.api, project.id);
      for (const dashboard of cut) stage.atEnd(() => dashboard.drop());
      const { channel_id: waited } = await project.api.ask({ workflow: 'demo', metadata: { latency_ms: 10_000 } });
      const waiting = withKey.call('GET', `/v1/requests/${waited}?wait=10s`);
      await project.api.must('DELETE', `/v1/api-keys/${made.id}`);
      await Promise.all(cut.map(({ closed }) => closed));
      expect((await waiting).status).toBe(401);
      for (const websocketUrl of hubs) {
        await expect(openChannel({ websocketUrl, topic, token })).rejects.toThrow('unauthorized_project_access');
      }
      const { channel_id: channel } = await project.api.ask({ workflow: 'demo' });
      await other.until(channel, ['accepted', 'completed']);
      await project.administrator.must('PATCH', `/v1/projects/${project.id}`, { active: false });
      await other.closed;
    });

    test('need a token of their project: none of a request, and none made with a key of another', async ({ api }) => {
      const [reply, project] = [await api.ask({ workflow: 'demo' }), await newProject(system)];
      const { websocket_url: websocketUrl } = reply;
      const join = (topic: string, token: string) => openChannel({ websocketUrl, topic, token });
      const { token } = await tokenFor(api, reply.project_id);
      const refused = 'unauthorized_project_access';
      await expect(join(`project:${reply.project_id}`, reply.ws_token)).rejects.toThrow(refused);
      await expect(join(`project:${project.id}`, token)).rejects.toThrow(refused);
      await expect(join(reply.websocket_channel, token)).rejects.toThrow(refused);
      const foreign = await project.api.call('POST', `/v1/projects/${reply.project_id}/realtime-token`);
      expect(foreign.status).toBe(403);
    });
  });
}
