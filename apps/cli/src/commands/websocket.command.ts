import { accessOf, followChannel, type ResponseFrame } from '../follow/follow-channel.js';
import { ask, requestOf } from '../api/ai-request.js';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { connectionOf, type Connection } from '../options/connection.js';
import { connectionHelp, connectionOptions, parseOptions } from '../options/parse-options.js';
import type { Surroundings } from '../surroundings.js';

const options = {
  ...connectionOptions,
  workflow: { type: 'string' },
  message: { type: 'string' },
  payload: { type: 'string' },
  'channel-id': { type: 'string' },
} as const;

/** `headrace websocket`. */
export const websocketCommand: Command = {
  name: 'websocket',
  summary: 'show what a browser gets pushed, frame by frame',
  help: [
    'Usage: headrace websocket --channel-id ID',
    '       headrace websocket --workflow NAME [--message TEXT | --payload JSON]',
    '',
    'Joins the channel of a request, or of a new one, and prints each frame as a line of JSON, until the final one.',
    'Ends with 0 when the request ended well, with 1 when it failed.',
    '',
    '  --channel-id ID    a request that was made before',
    '  --workflow NAME    makes a request of this workflow',
    '  --message TEXT     what the user says (Hello)',
    '  --payload JSON     the whole request as JSON, or the name of a file with it',
    ...connectionHelp,
  ].join('\n'),
  async run(args, around) {
    const { 'channel-id': channel, ...values } = parseOptions(args, options);
    const asks = [values.workflow, values.message, values.payload].some((value) => value !== undefined);
    if (asks === (channel !== undefined)) throw new UsageError('Give --channel-id or --workflow.');
    const connection = connectionOf(values, around);
    if (channel !== undefined) return follow(connection, await accessOf(connection, channel), around);
    const message = values.message ?? (values.payload === undefined ? 'Hello' : undefined);
    const reply = await ask(connection, requestOf({ ...values, message }));
    around.note(`channel ${reply.channel_id}`);
    return follow(connection, reply, around);
  },
};

/** Prints the frames of a channel; the exit code says how the request ended. */
export async function follow(
  connection: Connection,
  reply: Parameters<typeof followChannel>[1],
  around: Surroundings,
): Promise<number> {
  const print = (frame: ResponseFrame) => around.print(JSON.stringify(frame));
  const last = await followChannel(connection, reply, around.stopped, print);
  return last?.status === 'error' ? 1 : 0;
}
