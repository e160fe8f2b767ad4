import type { AIResponse, TokensEvent } from '@headrace/client';
import { LongPoll, Socket } from 'phoenix';
import { Socket as Socket1714 } from 'phoenix-1.7.14';
import { LongPoll as LongPoll183, Socket as Socket183 } from 'phoenix-1.8.3';
import { Page } from './page.js';
import type { Stage } from './stage.js';
import type { AsyncReply } from './wire.js';

/** A real client that follows one request, and all that it was told. */
export interface Follower {
  readonly client: FollowerName;
  readonly reply: AsyncReply;
  /** The states, in order, repetitions included. */
  readonly states: readonly AIResponse[];
  /** The text, told from its beginning as often as the client had to be. */
  readonly tellings: readonly (readonly TokensEvent[])[];
  /** How often its connection was lost; the codes of the closes where the client tells them. */
  readonly lost: readonly (number | string)[];
  /** Whether it knows that the request has ended. */
  readonly hasEnded: boolean;
  /** Whether it gave up. */
  readonly hasFailed: boolean;
}

const phoenix = {
  'phoenix 1.7.14': { Client: Socket1714, transport: WebSocket },
  'phoenix 1.8.3': { Client: Socket183, transport: WebSocket },
  'phoenix 1.8.16': { Client: Socket, transport: WebSocket },
  'phoenix 1.8.3 over long polls': { Client: Socket183, transport: LongPoll183 },
  'phoenix 1.8.16 over long polls': { Client: Socket, transport: LongPoll },
} as const;
type PhoenixName = keyof typeof phoenix;
export type FollowerName = PhoenixName | '@headrace/client';

/** The real clients on WebSockets. */
export const followerNames: readonly FollowerName[] = [
  'phoenix 1.7.14',
  'phoenix 1.8.3',
  'phoenix 1.8.16',
  '@headrace/client',
];
/** Those where no WebSocket gets through. */
export const pollingFollowerNames: readonly FollowerName[] = [
  'phoenix 1.8.3 over long polls',
  'phoenix 1.8.16 over long polls',
];

/** Lets a client follow a request until the test is over. */
export function follow(stage: Stage, client: FollowerName, reply: AsyncReply): Follower {
  return client === '@headrace/client' ? followWithOurs(stage, reply) : followWithPhoenix(stage, client, reply);
}

/** What a follower has of the text: what it was told the last time. */
export const textOf = ({ tellings }: Follower): string => (tellings.at(-1) ?? []).map(({ data }) => data).join('');

/** The states without repetitions, as an application tells them: by their channel and status. */
export const distinctStates = ({ states }: Follower): string[] => [
  ...new Set(states.map(({ channel_id: channel, status }) => `${channel} ${status}`)),
];

/** Sorts frames of text by who they were told to: a client that appends starts over at index 0. */
function take(tellings: TokensEvent[][], frame: TokensEvent): void {
  if (frame.index === 0) tellings.push([]);
  tellings.at(-1)?.push(frame);
}

function followWithPhoenix(stage: Stage, client: PhoenixName, reply: AsyncReply): Follower {
  const { Client, transport } = phoenix[client];
  const socket = new Client(reply.websocket_url, { params: { token: reply.ws_token }, transport });
  const states: AIResponse[] = [];
  const tellings: TokensEvent[][] = [];
  const lost: number[] = [];
  const follower = { client, reply, states, tellings, lost, hasEnded: false, hasFailed: false };
  const channel = socket.channel(reply.websocket_channel);
  channel.on('response', (payload) => states.push(payload as AIResponse));
  channel.on('tokens', (payload) => take(tellings, payload as TokensEvent));
  channel.onClose(() => (follower.hasEnded = true));
  socket.onClose(({ code }) => lost.push(code));
  stage.atEnd(() => socket.disconnect());
  socket.connect();
  channel.join().receive('error', () => (follower.hasFailed = true));
  return follower;
}

function followWithOurs(stage: Stage, reply: AsyncReply): Follower {
  const page = Page.load(stage);
  const tellings: TokensEvent[][] = [];
  page.client.on('tokens', (frame) => take(tellings, frame));
  page.client.connect({
    channelId: reply.channel_id,
    wsToken: reply.ws_token,
    websocketUrl: reply.websocket_url,
    websocketChannel: reply.websocket_channel,
  });
  return {
    client: '@headrace/client',
    reply,
    states: page.responses,
    tellings,
    get lost() {
      // Without the one that the client closes itself, at the end.
      const all = page.events.filter((event) => event.startsWith('disconnected'));
      return this.hasEnded ? all.slice(0, -1) : all;
    },
    get hasEnded() {
      return page.client.getState().isCompleted;
    },
    get hasFailed() {
      return page.events.some((event) => event.startsWith('error') || event.startsWith('channel_error'));
    },
  };
}
