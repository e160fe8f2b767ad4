import { afterEach, describe, expect, it } from '@jest/globals';
import { clientFrameLimit, tunnelCloseCodes } from '@headrace/contracts';
import { keyOf, projectId } from '@headrace/http/testing';
import { verifyHexSignature, verifyStandardWebhooksSignature } from '@headrace/webhook-signature';
import { aDelivery, otherProject, sleepingKey, TunnelHarness } from './testing/tunnel.harness.js';

const secret = `whsec_${Buffer.from('a secret of twenty-four bytes and more').toString('base64')}`;
const hello = { type: 'hello', protocol: 1 } as const;
const answer = { type: 'answer', status: 204, retry_after: null, body: 'ok', duration_ms: 7 } as const;

let harness: TunnelHarness;
afterEach(() => harness.stop());

describe('the upgrade of a tunnel', () => {
  it.each([
    ['no key', null, 401, 'invalid_api_key'],
    ['an unknown key', 'nobody', 401, 'invalid_api_key'],
    ['the key of an inactive project', sleepingKey, 403, 'permission_error'],
  ])('is refused for %s', async (_, key, status, code) => {
    harness = await TunnelHarness.start();
    const connecting = key === null ? harness.connect('', '/v1/listen') : harness.connect(key);
    await expect(connecting).rejects.toMatchObject({ status, message: expect.stringContaining(code) });
  });

  it('takes no key from the query', async () => {
    harness = await TunnelHarness.start();
    const key = keyOf(projectId);
    const connecting = harness.connect('', `/v1/listen?token=${key}&api_key=${key}`);
    await expect(connecting).rejects.toMatchObject({ status: 401 });
  });

  it('is told in words when it is none', async () => {
    harness = await TunnelHarness.start();
    const { status, body } = await harness.http.ask('GET', '/v1/listen');
    expect(status).toBe(400);
    expect(body.message).toContain('headrace listen');
  });
});

describe('a listening session', () => {
  it('begins with an id, a secret made for it, and what the client wants', async () => {
    harness = await TunnelHarness.start();
    const { welcome } = await harness.listen({ events: ['task.failed'], workflows: ['demo'] });
    expect(welcome).toMatchObject({ resumed: false, project_id: projectId });
    expect(welcome.session).toMatch(/^lsn_[A-Za-z0-9_-]{22}$/);
    expect(welcome.secret).toMatch(/^whsec_/);
    expect(harness.tunnel.find(projectId, welcome.session)).toMatchObject({
      connection: expect.any(String),
      webhookTypes: ['task.failed'],
      workflows: ['demo'],
    });
    expect(JSON.stringify(harness.tunnel.sessionsOf(projectId))).not.toContain(welcome.secret);
  });

  it('gets webhooks with the headers and bytes of an endpoint, signed with its secret, and their answers go back', async () => {
    harness = await TunnelHarness.start();
    const { client, welcome } = await harness.listen({ secret });
    expect(welcome.secret).toBe(secret);
    const delivery = aDelivery({ callbackUrl: 'https://headrace.test/v1/callback/c1', attempt: 2 });
    const outcome = harness.deliver(welcome.session, delivery);
    const frame = await client.frame();
    if (frame.type !== 'webhook') throw new Error(frame.type);
    expect(frame).toMatchObject({ webhook_type: 'task.completed', attempt: 2, time_limit_ms: delivery.timeLimitMs });
    const { headers, body } = frame;
    expect(body).toBe(delivery.body);
    expect(headers).toMatchObject({
      'Content-Type': 'application/json',
      'X-ModelRiver-Webhook-Id': welcome.session,
      'X-ModelRiver-Callback-Url': delivery.callbackUrl,
      'mr-attempt': '2',
      'webhook-id': delivery.messageId,
    });
    expect(verifyHexSignature(body, headers['mr-signature'] ?? '', secret)).toBe(true);
    const standard = { messageId: delivery.messageId, timestamp: Number(headers['webhook-timestamp']), body };
    expect(verifyStandardWebhooksSignature(standard, headers['webhook-signature'] ?? '', secret)).toBe(true);
    client.send({ ...answer, id: frame.id });
    expect(await outcome).toEqual({ kind: 'answered', status: 204, retryAfter: null, body: 'ok', durationMs: 7 });
  });

  it('tells why the local server gave no answer', async () => {
    harness = await TunnelHarness.start();
    const { client, welcome } = await harness.listen();
    const outcome = harness.deliver(welcome.session);
    const frame = await client.frame();
    const failure = { code: 'connection_refused', message: 'Nobody listens.' };
    client.send({ type: 'failure', id: frame.type === 'webhook' ? frame.id : '', duration_ms: 1, ...failure });
    expect(await outcome).toEqual({ kind: 'failed', durationMs: 1, ...failure });
  });

  it('goes on under its id when its client comes back, and what had no answer is away at once', async () => {
    harness = await TunnelHarness.start();
    const { client, welcome } = await harness.listen();
    const outcome = harness.deliver(welcome.session);
    await client.frame();
    const left = harness.told(({ connection }) => connection === null);
    client.drop();
    expect(await outcome).toEqual({ kind: 'away' });
    expect(await left).toMatchObject({ session: welcome.session });
    const again = await harness.listen({ session: welcome.session, secret: welcome.secret });
    expect(again.welcome).toMatchObject({ session: welcome.session, secret: welcome.secret, resumed: true });
    const second = harness.deliver(welcome.session);
    const frame = await again.client.frame();
    again.client.send({ ...answer, id: frame.type === 'webhook' ? frame.id : '' });
    expect(await second).toMatchObject({ kind: 'answered' });
  });

  it('leaves its old connection when its client has a new one before the old was missed', async () => {
    harness = await TunnelHarness.start();
    const { client, welcome } = await harness.listen();
    const again = await harness.listen({ session: welcome.session });
    expect(await client.closed).toBe(tunnelCloseCodes.replaced);
    const known = harness.tunnel.find(projectId, welcome.session);
    expect(known?.connection).not.toBeNull();
    const outcome = harness.deliver(welcome.session);
    const frame = await again.client.frame();
    again.client.send({ ...answer, id: frame.type === 'webhook' ? frame.id : '' });
    expect(await outcome).toMatchObject({ kind: 'answered' });
  });

  it('cannot be taken over by another project', async () => {
    harness = await TunnelHarness.start();
    const { welcome } = await harness.listen();
    const other = await harness.listen({ session: welcome.session }, keyOf(otherProject));
    expect(other.welcome.resumed).toBe(false);
    expect(other.welcome.session).not.toBe(welcome.session);
  });

  it('ends for good when its client says so', async () => {
    harness = await TunnelHarness.start();
    const { client, welcome } = await harness.listen();
    client.send({ type: 'bye' });
    expect(await client.closed).toBe(1_000);
    expect(harness.tunnel.find(projectId, welcome.session)).toBeUndefined();
  });

  it('ends when its key is revoked, with the reason', async () => {
    harness = await TunnelHarness.start({ pingIntervalMs: 100 });
    const { client, welcome } = await harness.listen();
    harness.projects.revoked.add(keyOf(projectId));
    expect(await client.frame()).toMatchObject({ type: 'refused', code: 'invalid_api_key' });
    expect(await client.closed).toBe(tunnelCloseCodes.refused);
    expect(harness.tunnel.find(projectId, welcome.session)).toBeUndefined();
  });

  it('loses a connection that no longer answers pings', async () => {
    harness = await TunnelHarness.start({ pingIntervalMs: 100 });
    const { client } = await harness.listen();
    const left = harness.told(({ connection }) => connection === null);
    // Reads nothing more, so that it answers nothing either.
    client.socket.pause();
    await left;
  });

  it('is closed with 1012 when the process stops, and its session waits', async () => {
    harness = await TunnelHarness.start();
    const { client, welcome } = await harness.listen();
    await harness.http.close();
    expect(await client.closed).toBe(tunnelCloseCodes.restart);
    expect(harness.tunnel.find(projectId, welcome.session)).toMatchObject({ connection: null });
  });
});

describe('a client is sent away with a reason', () => {
  it.each([
    ['an unknown webhook type', { ...hello, events: ['task.done'] }, 'invalid_frame', 'events'],
    ['an unknown workflow', { ...hello, workflows: ['demo', 'dmeo'] }, 'model_not_found', 'workflows'],
    ['a secret that is none', { ...hello, secret: 'hush' }, 'invalid_frame', 'secret'],
    ['a frame that is none', { type: 'hi' }, 'invalid_frame', 'type'],
  ])('for %s', async (_, frame, code, param) => {
    harness = await TunnelHarness.start();
    const client = await harness.connect();
    client.socket.send(JSON.stringify(frame));
    expect(await client.frame()).toMatchObject({ type: 'refused', code, param, message: expect.any(String) });
    expect(await client.closed).toBe(tunnelCloseCodes.refused);
  });

  it('when the project has as many sessions as it may have', async () => {
    harness = await TunnelHarness.start({ sessionsPerProject: 1 });
    await harness.listen();
    await harness.listen({}, keyOf(otherProject));
    const client = await harness.connect();
    client.send(hello);
    expect(await client.frame()).toMatchObject({ type: 'refused', code: 'rate_limit_exceeded' });
  });

  it('before its hello, when the project has too many connections', async () => {
    harness = await TunnelHarness.start({ sessionsPerProject: 1 });
    await Promise.all([harness.connect(), harness.connect()]);
    await expect(harness.connect()).rejects.toMatchObject({ status: 429 });
    await expect(harness.connect(keyOf(otherProject))).resolves.toBeDefined();
  });

  it('when it sends more than a frame may have', async () => {
    harness = await TunnelHarness.start();
    const { client } = await harness.listen();
    client.socket.send('x'.repeat(clientFrameLimit + 1));
    expect(await client.closed).toBe(1_009);
  });
});
