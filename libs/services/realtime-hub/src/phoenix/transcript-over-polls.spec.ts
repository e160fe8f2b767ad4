import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GoldenChannels } from '../testing/golden-channels.js';
import { readGoldenTranscript, type TranscriptSection } from '../testing/golden-transcript.js';
import { PhoenixMounts } from '../testing/phoenix-mounts.js';
import { PollClient } from '../testing/poll-client.js';

/** What was recorded over WebSockets, said over long polls: the rules are those of the frames, not of what carries them. */
let mounts: PhoenixMounts;
beforeAll(async () => {
  const channels = new GoldenChannels();
  mounts = await PhoenixMounts.start({
    channelFor: (topic) => (topic.startsWith('ai:') ? channels : undefined),
    polls: { windowMs: 10_000 },
  });
});
afterAll(() => mounts.stop());

/** Bytes come raw within a JSON string, which the recorded ones survive. */
const readable = (message: string): unknown => (/^[[{]/.test(message) ? JSON.parse(message) : message);
const expected = (data: unknown): unknown => (Buffer.isBuffer(data) ? data.toString('utf8') : data);

class Conversation {
  private readonly heard: unknown[] = [];

  private constructor(private readonly client: PollClient) {}

  static async open({ url }: TranscriptSection): Promise<Conversation> {
    const path = url.replace('/websocket', '/longpoll');
    return new Conversation(await PollClient.open(mounts.httpUrl(path)));
  }

  async say(data: string | Buffer): Promise<number> {
    return (await this.client.send(Buffer.isBuffer(data) ? data.toString('base64') : data)).status;
  }

  async next(): Promise<unknown> {
    while (this.heard.length === 0) {
      const { status, messages = [] } = await this.client.poll();
      expect(status).toBe(200);
      this.heard.push(...messages.map(readable));
    }
    return this.heard.shift();
  }
}

async function replay(section: TranscriptSection): Promise<void> {
  const conversation = await Conversation.open(section);
  let status = 200;
  for (const step of section.steps) {
    if (step.kind === 'send') status = await conversation.say(step.data);
    else if (step.kind === 'receive') expect(await conversation.next()).toEqual(expected(step.data));
    // There is no close with a code: the request that brought the frame is told.
    else if (step.kind === 'close') expect(status).toBe(400);
  }
  if (status === 200) await expectNothingElse(conversation, section);
}

/** A heartbeat's answer comes next only when the server had nothing else to say. */
async function expectNothingElse(conversation: Conversation, { url }: TranscriptSection): Promise<void> {
  const topic = 'phoenix';
  const frame = { topic, event: 'heartbeat', payload: {}, ref: 'last' };
  const isSecond = url.includes('vsn=2');
  await conversation.say(JSON.stringify(isSecond ? [null, 'last', topic, 'heartbeat', {}] : frame));
  const payload = { status: 'ok', response: {} };
  const answer = isSecond ? [null, 'last', topic, 'phx_reply', payload] : { ...frame, event: 'phx_reply', payload };
  expect(await conversation.next()).toEqual(answer);
}

describe('what the recorded server said over WebSockets', () => {
  const ofWebSockets = ['subprotocol', 'idle timeout'];
  const sections = readGoldenTranscript().sections.filter(
    ({ name }) => !ofWebSockets.some((one) => name.includes(one)),
  );

  it('is replayed but for what polls have not', () => {
    expect(sections.length).toBe(35);
  });

  it.each(sections)('is said over long polls in "$name"', replay);
});
