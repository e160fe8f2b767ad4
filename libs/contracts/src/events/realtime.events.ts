import { Type } from '@sinclair/typebox';
import { defineEvent } from '../event.js';
import { Instant } from '../schema/json.js';

/** Also what keeps a used `ws_token` good beyond its first five minutes. */
export const realtimeJoined = defineEvent({
  type: 'realtime.joined',
  description: 'A client joined the channel of a request for the first time.',
  schema: Type.Object({ topic: Type.String(), joinedAt: Instant }),
});

export const realtimePushed = defineEvent({
  type: 'realtime.pushed',
  description: 'A state of the request was pushed to those who watch it through one process.',
  schema: Type.Object({
    status: Type.String(),
    /** How many clients of this process got it. */
    sockets: Type.Integer({ minimum: 0 }),
    pushedAt: Instant,
    /** Which process; left out in events from before it was kept. */
    instance: Type.Optional(Type.String()),
    /** What its clients follow by: a socket (or long polls in its place), server-sent events, `?wait=`. */
    transport: Type.Optional(Type.Union([Type.Literal('socket'), Type.Literal('events'), Type.Literal('wait')])),
  }),
});
