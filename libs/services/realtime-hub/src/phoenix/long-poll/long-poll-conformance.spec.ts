import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GoldenChannels } from '../../testing/golden-channels.js';
import { readGoldenTranscript } from '../../testing/golden-transcript.js';
import { openMount, PhoenixMounts } from '../../testing/phoenix-mounts.js';
import { PollClient, type PollAnswer } from '../../testing/poll-client.js';

/** What the recorded server said over its long polls: what was asked, the status of HTTP, the body, what else was seen. */
const recorded = new Map(
  (readGoldenTranscript().observations.get('longpoll') ?? []).map((line) => {
    const [, what = '', status, json = '', more = ''] =
      /^(.+?) -> http (\d+) (\{.*?\})(?: (?:headers )?([{(].*))?$/.exec(line) ?? [];
    return [what, { http: Number(status), body: JSON.parse(json) as PollAnswer, more }] as const;
  }),
);
const asked = new Set<string>();

let mounts: PhoenixMounts;
let client: PollClient;
beforeAll(async () => {
  const channels = new GoldenChannels();
  mounts = await PhoenixMounts.start({
    ...openMount,
    // The end of one window is waited for; between two polls a busy machine may take a while.
    polls: { windowMs: 2_000 },
    connect: ({ params }) => (params.get('token') === 'bad' ? { refuse: { status: 403 } } : { session: undefined }),
    channelFor: (topic) => (topic.startsWith('ai:') ? channels : undefined),
  });
  client = new PollClient(mounts.httpUrl('/socket/longpoll?vsn=2.0.0'));
});
afterAll(() => mounts.stop());

/** Compares an answer with the recorded one; tokens are `T` there. Resolves to the answer's headers. */
async function expectRecorded(what: string, answering: Promise<Response>): Promise<Headers> {
  asked.add(what);
  const response = await answering;
  const body = (await response.json()) as PollAnswer;
  const said = body.token === undefined ? body : { ...body, token: 'T' };
  expect({ http: response.status, body: said }).toEqual({
    http: recorded.get(what)?.http,
    body: recorded.get(what)?.body,
  });
  if (body.token !== undefined) client.token = body.token;
  return response.headers;
}

const post = (body: string, type = 'application/x-ndjson') => client.fetch('POST', body, { 'content-type': type });

describe('the recorded long polls', () => {
  it('begin with a session', async () => {
    const headers = await expectRecorded('GET new session', client.fetch('GET'));
    const seen = {
      ct: headers.get('content-type'),
      cors: headers.get('access-control-allow-origin'),
      cc: headers.get('cache-control'),
    };
    expect(seen).toEqual(JSON.parse(recorded.get('GET new session')?.more ?? ''));
  });

  it('carry many frames there and back', async () => {
    await expectRecorded(
      'POST ndjson 2 messages',
      post('["1","1","ai:t","phx_join",{}]\n["1","2","ai:t","echo",{"a":1}]'),
    );
    const answers = JSON.parse(await (await client.fetch('GET')).text()) as PollAnswer;
    expect(answers.messages?.map((message) => JSON.parse(message) as unknown)).toEqual(messagesOf('["1","2","ai:t"'));
  });

  it('carry one frame', async () => {
    await expectRecorded('POST push to unjoined topic', post('["1","3","ai:none","echo",{}]'));
    expect(await client.frames()).toEqual(messagesOf('"ai:none"'));
    await expectRecorded('POST application/json single', post('["1","4","ai:t","echo",{"a":1}]', 'application/json'));
    expect(await client.frames()).toEqual(messagesOf('["1","4"'));
  });

  it('carry bytes there in base64, and back as they are', async () => {
    const echo = Buffer.from('000101040431' + '35' + '61693a74' + '6563686f' + '0102', 'hex');
    await expectRecorded('POST base64 binary', post(echo.toString('base64')));
    await expectRecorded('GET poll (binary reply)', client.fetch('GET'));
  });

  it('say after the window that there was nothing', async () => {
    await expectRecorded('GET poll with nothing (window_ms 10000)', client.fetch('GET'));
  });

  it('know no session under a token that is none', async () => {
    const { token } = client;
    client.token = 'bad-token';
    await expectRecorded('POST bad token', post('["1","1","ai:t","phx_join",{}]'));
    client.token = token;
    const unknown = fetch(mounts.httpUrl('/socket/longpoll?vsn=2.0.0&token=bad-token'));
    await expectRecorded('GET bad token', unknown);
  });

  it('are refused to whom may not connect', async () => {
    await expectRecorded('GET connect rejected', fetch(mounts.httpUrl('/socket/longpoll?vsn=2.0.0&token=bad')));
  });

  it('may come from other origins', async () => {
    asked.add('OPTIONS');
    const { status, headers } = await client.fetch('OPTIONS', undefined, {
      'access-control-request-headers': 'content-type',
    });
    const [m, h, a] = ['methods', 'headers']
      .map((name) => headers.get(`access-control-allow-${name}`))
      .concat(headers.get('access-control-max-age'));
    expect({ http: status, body: { m, h, a } }).toEqual({
      http: recorded.get('OPTIONS')?.http,
      body: recorded.get('OPTIONS')?.body,
    });
  });

  it('were all looked at', () => {
    // Three polls have the same name; what they told is looked at by its content.
    expect([...asked, 'GET poll'].sort()).toEqual([...recorded.keys()].sort());
  });
});

/** The frames of the recorded poll that told something, parsed. */
function messagesOf(part: string): unknown[] {
  const lines = readGoldenTranscript().observations.get('longpoll') ?? [];
  const polls = lines.flatMap((line) => {
    const json = /^GET poll -> http 200 (\{.*\}) \(fast\)$/.exec(line)?.[1];
    return json === undefined ? [] : [(JSON.parse(json) as PollAnswer).messages ?? []];
  });
  return (polls.find((messages) => messages.some((one) => one.includes(part))) ?? []).map(
    (message) => JSON.parse(message) as unknown,
  );
}
