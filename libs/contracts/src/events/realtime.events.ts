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
  description: 'A state of the request was pushed to the sockets that watch it.',
  schema: Type.Object({
    status: Type.String(),
    /** How many sockets of this replica got it. */
    sockets: Type.Integer({ minimum: 0 }),
    pushedAt: Instant,
  }),
});
