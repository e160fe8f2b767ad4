import { ask, requestHelp, requestOf } from '../api/ai-request.js';
import type { Command } from '../command.js';
import { connectionOf } from '../options/connection.js';
import { connectionHelp, connectionOptions, parseOptions } from '../options/parse-options.js';
import { follow } from './websocket.command.js';

const options = {
  ...connectionOptions,
  workflow: { type: 'string' },
  message: { type: 'string' },
  payload: { type: 'string' },
  'webhook-url': { type: 'string' },
  follow: { type: 'boolean' },
} as const;

/** `headrace trigger`. */
export const triggerCommand: Command = {
  name: 'trigger',
  summary: 'make a request, and follow it to its end',
  help: [
    'Usage: headrace trigger --workflow NAME (--message TEXT | --payload JSON) [--webhook-url URL] [--follow]',
    '',
    'Makes an asynchronous request and prints the answer. Its webhooks come to "headrace listen", too.',
    '',
    ...requestHelp,
    '  --follow           prints the frames that a browser gets, until the final one; ends with 1 when it is an error',
    ...connectionHelp,
  ].join('\n'),
  async run(args, around) {
    const values = parseOptions(args, options);
    const request = requestOf(values);
    const connection = connectionOf(values, around);
    const reply = await ask(connection, request);
    // A token is for the eyes of one client; whoever needs another one asks for it.
    const { ws_token: _token, ...shown } = reply;
    around.print(JSON.stringify(shown));
    return values.follow ? follow(connection, reply, around) : 0;
  },
};
