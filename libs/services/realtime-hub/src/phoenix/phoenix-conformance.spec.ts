import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GoldenChannels } from '../testing/golden-channels.js';
import { readGoldenTranscript, type TranscriptSection } from '../testing/golden-transcript.js';
import { openMount, PhoenixMounts, wideLimits } from '../testing/phoenix-mounts.js';
import { RawClient, RefusedUpgrade } from '../testing/raw-client.js';
import type { ConnectOutcome, ConnectRequest } from './phoenix-options.js';

/**
 * Replays what a real Phoenix 1.8.12 server said, but for its long polls, which have a test of their own. Not replayed:
 * its close with 1000 when the process ends, where we send 1012 so that clients know to come back.
 */
const transcript = readGoldenTranscript();
const tokens: (string | undefined)[] = [];
let mounts: PhoenixMounts;

function connect({ params, authToken }: ConnectRequest): ConnectOutcome<unknown> {
  tokens.push(authToken);
  if (params.get('token') === 'bad') return { refuse: { status: 403 } };
  if (params.get('token') === 'limited') return { refuse: { status: 429, body: 'Too many requests' } };
  return { session: 'user:1' };
}

beforeAll(async () => {
  const channels = new GoldenChannels();
  const golden = {
    ...openMount,
    connect,
    channelFor: (topic: string) => (topic.startsWith('ai:') ? channels : undefined),
  };
  mounts = await PhoenixMounts.start(
    { ...golden, path: '/socket' },
    { ...golden, path: '/auth', acceptAuthSubprotocol: true },
    { ...golden, path: '/quick', limits: { ...wideLimits, idleTimeoutMs: 1_500 } },
  );
});

afterAll(() => mounts.stop());

const bearer = `base64url.bearer.phx.${Buffer.from('a token').toString('base64url')}`;
const protocolsOf = ({ name }: TranscriptSection): string[] =>
  name.includes('subprotocol') ? ['phoenix', bearer] : [];

async function replay(section: TranscriptSection): Promise<void> {
  const client = await RawClient.connect(mounts.url(section.url), protocolsOf(section));
  let closed = false;
  for (const step of section.steps) {
    if (step.kind === 'send') client.send(step.data);
    else if (step.kind === 'receive') expect(await client.frame()).toEqual(step.data);
    else if (step.kind === 'close') {
      expect(await client.next()).toEqual({ close: { code: step.code, reason: step.reason } });
      closed = true;
    } else if (step.text.startsWith('negotiated')) {
      expect(`negotiated subprotocol: ${client.socket.protocol}`).toBe(step.text);
    }
  }
  if (!closed) await expectNothingElse(client, section);
  client.drop();
}

/** A heartbeat's answer comes next only when the server had nothing else to say. */
async function expectNothingElse(client: RawClient, { url }: TranscriptSection): Promise<void> {
  const ok = { response: {}, status: 'ok' };
  if (url.includes('vsn=2')) {
    client.send([null, 'last', 'phoenix', 'heartbeat', {}]);
    expect(await client.frame()).toEqual([null, 'last', 'phoenix', 'phx_reply', ok]);
  } else {
    client.send({ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: 'last' });
    expect(await client.frame()).toEqual({ topic: 'phoenix', event: 'phx_reply', payload: ok, ref: 'last' });
  }
}

const refusal = (url: string, protocols?: string[]): Promise<unknown> =>
  RawClient.connect(mounts.url(url), protocols).then(
    (client) => client.drop(),
    (error: unknown) => error,
  );

describe('the recorded Phoenix server', () => {
  const unselected = 'handshake: subprotocol offered, auth_token disabled on server';
  const sections = transcript.sections.filter(({ name }) => name !== unselected);

  it('was recorded whole', () => {
    expect(sections.length).toBe(37);
    expect(sections.every(({ steps }) => steps.length > 0)).toBe(true);
  });

  it.each(sections)('said the same in "$name"', replay);

  it('selects no subprotocol where tokens do not come that way', async () => {
    const section = transcript.sections.find(({ name }) => name === unselected);
    expect(section?.steps).toEqual([
      { kind: 'note', text: 'HTTP client error: Server sent no subprotocol body=undefined' },
    ]);
    const error = await refusal(section?.url ?? '', ['phoenix', bearer]);
    expect(error).toMatchObject({ message: 'Server sent no subprotocol' });
  });

  it('decodes the token of the subprotocol', () => {
    expect(tokens).toContain('a token');
  });
});

describe('the recorded handshakes', () => {
  const lines = transcript.observations.get('handshake') ?? [];
  const versions = lines.flatMap((line) => {
    const match = /^vsn(\[\])?=(\S+) -> (.+)$/.exec(line);
    return match ? [{ query: `vsn${match[1] ?? ''}=${match[2] === '(empty)' ? '' : match[2]}`, answer: match[3] }] : [];
  });

  it.each(versions)('$query is answered with $answer', async ({ query, answer }) => {
    const error = await refusal(`/socket/websocket?${query}`);
    expect(error instanceof RefusedUpgrade ? `HTTP ${error.status}` : 'open').toBe(answer);
    if (error instanceof RefusedUpgrade) expect(error.body).toBe('');
  });

  it.each(['bad', 'limited'])('the token "%s" is refused as recorded', async (token) => {
    const error = await refusal(`/socket/websocket?token=${token}`);
    expect(lines).toContain(`connect callback error token=${token} -> ${(error as Error).message}`);
  });

  it('a path beside the transport does not exist', async () => {
    const error = await refusal('/socket');
    expect(lines).toContain(`ws to /socket -> HTTP ${(error as RefusedUpgrade).status}`);
  });

  it('were all looked at', () => {
    // The two plain requests are the HTTP server's: see the module's spec.
    expect(versions.length + 2 + 1 + 2).toBe(lines.length);
  });
});

describe('the recorded limits and closes', () => {
  const lines = transcript.observations.get('limits and closes') ?? [];
  const open = (path = '/socket/websocket?vsn=2.0.0'): Promise<RawClient> => RawClient.connect(mounts.url(path));

  it('the 101st channel of a socket is refused', async () => {
    const client = await open();
    const replies: unknown[] = [];
    for (let n = 1; n <= 101; n += 1) client.send([`${n}`, `${n}`, `ai:m${n}`, 'phx_join', {}]);
    for (let n = 1; n <= 101; n += 1) replies.push(await client.frame());
    const ok = replies.filter((reply) => JSON.stringify(reply).includes('"ok"')).length;
    const recorded = /ok=(\d+) last=(.+)$/.exec(lines[0] ?? '');
    expect({ ok, last: replies.at(-1) }).toEqual({
      ok: Number(recorded?.[1]),
      last: JSON.parse(recorded?.[2] ?? 'null') as unknown,
    });
    client.drop();
  });

  it('pings of the protocol keep a silent socket open', async () => {
    const client = await open('/quick/websocket?vsn=2.0.0');
    const pinger = setInterval(() => client.socket.ping(), 500);
    const pongs = new Promise<void>((resolve) => {
      let count = 0;
      client.socket.on('pong', () => (count += 1) === 7 && resolve());
    });
    await Promise.race([pongs, client.next()]);
    clearInterval(pinger);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    client.drop();
  });

  it('a kicked socket is closed with 1001', async () => {
    const client = await open();
    mounts.servers[0]?.closeSockets((session) => session === 'user:1');
    const heard = await client.next();
    expect(lines).toContain(`broadcast "disconnect" on socket id: ${closeText(heard)}`);
  });

  it('text that is no frame closes with 1011', async () => {
    const client = await open();
    client.send('garbage');
    expect(lines).toContain(`text garbage: ${closeText(await client.next())}`);
  });

  const closeText = (heard: Awaited<ReturnType<RawClient['next']>>): string =>
    'close' in heard ? `CLOSE ${heard.close.code} ${JSON.stringify(heard.close.reason)}` : 'no close';
});
