import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { callApi } from '../api/api.js';
import type { Command } from '../command.js';
import { CommandFailed, UsageError } from '../errors.js';
import { serverUrl } from '../options/connection.js';
import { connectionOptions, parseOptions } from '../options/parse-options.js';
import { saveLogin } from '../options/saved-login.js';
import type { Surroundings } from '../surroundings.js';

/** `headrace login`. */
export const loginCommand: Command = {
  name: 'login',
  summary: 'save the URL and the API key that other commands use',
  help: [
    'Usage: headrace login [--url URL] [--api-key KEY]',
    '',
    'Checks an API key against the server and saves both for you alone (mode 0600).',
    'Without --api-key it asks for the key; from a script, pipe it in: headrace login < key-file',
    '',
    '  --url URL          where the server is (HEADRACE_URL; http://localhost:4100)',
    '  --api-key KEY      key of the project; other users of this machine can see it while the command runs',
  ].join('\n'),
  async run(args, around) {
    const values = parseOptions(args, connectionOptions);
    const url = serverUrl(values, around);
    const apiKey = (values['api-key'] ?? (await askForKey(url, around))).trim();
    if (!/^\S+$/.test(apiKey)) throw new UsageError('--api-key must be a key: one word, not empty.');
    await callApi({ url, apiKey }, 'GET', '/v1/requests?limit=1');
    around.print(`The key is good at ${url}. Saved in ${saveLogin(around, { url, apiKey })}.`);
    return 0;
  },
};

async function askForKey(url: string, { stdin, note, stopped }: Surroundings): Promise<string> {
  if (!stdin.isTTY) return text(stdin);
  note(`API key of your project at ${url} (it is not shown):`);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const prompt = createInterface({ input: stdin, output: nowhere, terminal: true });
  // Ctrl-C and Ctrl-D reach the prompt, not the process, and would leave the question open.
  const cancelled = new AbortController();
  prompt.once('SIGINT', () => cancelled.abort()).once('close', () => cancelled.abort());
  try {
    return await prompt.question('', { signal: AbortSignal.any([stopped, cancelled.signal]) });
  } catch {
    throw new CommandFailed('No key was given, and nothing is saved.');
  } finally {
    prompt.close();
  }
}
