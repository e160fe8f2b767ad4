import { webhookSecretPattern, taskWebhookTypes, type TaskWebhookType } from '@headrace/contracts';
import type { Command } from '../command.js';
import { UsageError } from '../errors.js';
import { linesForPeople, linesOfJson } from '../listen/listen-output.js';
import { postLocally } from '../listen/local-server.js';
import { MadeAttempts } from '../listen/made-attempts.js';
import { TunnelClient } from '../listen/tunnel-client.js';
import { connectionOf } from '../options/connection.js';
import { connectionHelp, connectionOptions, httpUrlOf, listOf, parseOptions } from '../options/parse-options.js';

const options = {
  ...connectionOptions,
  forward: { type: 'string' },
  events: { type: 'string', multiple: true },
  workflow: { type: 'string', multiple: true },
  secret: { type: 'string' },
  json: { type: 'boolean' },
  'print-body': { type: 'boolean' },
} as const;

/** `headrace listen`. */
export const listenCommand: Command = {
  name: 'listen',
  summary: "bring the project's webhooks to a server on this machine",
  help: [
    'Usage: headrace listen --forward URL [options]',
    '',
    "Receives the project's webhooks as long as it runs, beside the registered endpoints, posts each to URL and",
    'acknowledges it with what your server answers. Nothing is lost while the connection is away for a moment.',
    '',
    '  --forward URL      your server, for example http://localhost:3000/hook',
    `  --events TYPES     only these types: ${taskWebhookTypes.join(', ')}`,
    '  --workflow NAMES   only webhooks of these workflows',
    '  --secret SECRET    whsec_… to sign with (HEADRACE_WEBHOOK_SECRET); else the server makes one for the session',
    '  --json             one JSON object a line',
    '  --print-body       shows the body of each webhook and of its answer',
    ...connectionHelp,
    '',
    'Lists are separated by commas, or the option is given several times.',
  ].join('\n'),
  async run(args, around) {
    const values = parseOptions(args, options);
    if (values.forward === undefined) throw new UsageError('Give --forward URL: where your server takes webhooks.');
    const forward = httpUrlOf('--forward', values.forward);
    const events = listOf('events', values.events)?.map(requireType);
    const workflows = listOf('workflow', values.workflow);
    const secret = requireSecret(values.secret ?? (around.environment['HEADRACE_WEBHOOK_SECRET'] || undefined));
    const connection = connectionOf(values, around);
    const facts = {
      url: connection.url,
      forward,
      hasSecret: secret !== undefined,
      printBody: values['print-body'] ?? false,
    };
    const output = values.json ? linesOfJson(around, facts) : linesForPeople(around, facts);
    const attempts = new MadeAttempts(async (webhook) => {
      const outcome = await postLocally(forward, webhook, around.stopped);
      // What Ctrl-C cut off says nothing about the server, and nobody hears of it.
      if (!around.stopped.aborted) output.webhook(webhook, outcome);
      return outcome;
    });
    const client = new TunnelClient(
      connection,
      { secret, events, workflows },
      {
        onWelcome: (welcome) => output.welcome(welcome),
        onWebhook: (webhook) => attempts.outcomeOf(webhook),
        onLost: (reason, againInMs) => output.lost(reason, againInMs),
      },
    );
    await client.run(around.stopped);
    output.ended();
    return 0;
  },
};

function requireType(name: string): TaskWebhookType {
  const type = taskWebhookTypes.find((known) => known === name);
  if (type) return type;
  throw new UsageError(`--events has no type "${name}". Choose from ${taskWebhookTypes.join(', ')}.`);
}

function requireSecret(secret: string | undefined): string | undefined {
  if (secret === undefined || webhookSecretPattern.test(secret)) return secret;
  throw new UsageError('--secret must be whsec_ and the base64 of at least 24 bytes.');
}
