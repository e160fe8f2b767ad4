import { LongPoll, Socket } from 'phoenix';
import { LongPoll as LongPoll183, Socket as Socket183 } from 'phoenix-1.8.3';
import './node-as-browser.js';
import { LongPoll as LongPoll1714, Socket as Socket1714 } from 'phoenix-1.7.14';

/** The real clients that the server is tested with: the last of 1.7, the one of the ModelRiver SDK, the newest. */
export const phoenixVersions = [
  { version: '1.7.14', Socket: Socket1714, LongPoll: LongPoll1714 },
  { version: '1.8.3', Socket: Socket183, LongPoll: LongPoll183 },
  { version: '1.8.16', Socket, LongPoll },
] as const;

export type PhoenixVersion = (typeof phoenixVersions)[number];
