import { beforeEach, describe, expect, it } from '@jest/globals';
import type { WebhookFrame, WelcomeFrame } from '@headrace/contracts';
import type { Surroundings } from '../surroundings.js';
import { linesForPeople, linesOfJson, type ListenOutput } from './listen-output.js';
import type { LocalOutcome } from './local-server.js';

const welcome: WelcomeFrame = {
  type: 'welcome',
  session: 'lsn_1',
  resumed: false,
  secret: 'whsec_made',
  project_id: 'p1',
  ping_interval_ms: 10_000,
  grace_ms: 60_000,
};
const webhook: WebhookFrame = {
  type: 'webhook',
  id: 'dlv_1.2',
  webhook_type: 'task.completed',
  channel_id: 'c1',
  delivery_id: 'dlv_1',
  attempt: 2,
  time_limit_ms: 30_000,
  headers: {},
  body: '{"workflow":"demo","data":{"a":1}}',
};
const answer: LocalOutcome = {
  type: 'answer',
  id: 'dlv_1.2',
  status: 201,
  retry_after: null,
  body: 'saved\u001b[2J',
  duration_ms: 7,
};
const failure: LocalOutcome = {
  type: 'failure',
  id: 'dlv_1.2',
  code: 'connection_refused',
  message: 'Nothing listens at http://localhost:3000.',
  duration_ms: 1,
};
const noon = () => new Date(2026, 0, 20, 12, 0, 0);

let lines: string[];
beforeEach(() => {
  lines = [];
});

/** What a listener with a password before its host, which nobody is to see, prints. */
function output(make: typeof linesForPeople, options: { hasSecret?: boolean; printBody?: boolean } = {}): ListenOutput {
  const print = (line: string) => void lines.push(line);
  const facts = {
    url: 'https://headrace.test',
    forward: new URL('http://me:hush@localhost:3000/hook?a=1'),
    hasSecret: options.hasSecret ?? false,
    printBody: options.printBody ?? false,
  };
  return make({ print, note: print } as Surroundings, facts, noon);
}

describe('what people see of a listener', () => {
  it('is where it listens and the secret that was made for it', () => {
    output(linesForPeople).welcome(welcome);
    expect(lines.join('\n')).toContain('Listening at https://headrace.test for http://localhost:3000/hook?a=1');
    expect(lines.join('\n')).toContain('whsec_made');
    expect(lines.join('\n')).not.toContain('hush');
  });

  it('is not a secret that they gave', () => {
    output(linesForPeople, { hasSecret: true }).welcome(welcome);
    expect(lines.join('\n')).not.toContain('whsec_made');
  });

  it('is one line for a webhook, and the reason below when it failed', () => {
    const people = output(linesForPeople);
    people.webhook(webhook, answer);
    people.webhook(webhook, failure);
    expect(lines).toEqual([
      '12:00:00 task.completed demo c1 attempt 2 → 201 in 7 ms',
      '12:00:00 task.completed demo c1 attempt 2 → failed: connection_refused in 1 ms',
      '         Nothing listens at http://localhost:3000.',
    ]);
  });

  it('has bodies when they want them, without what would steer their terminal', () => {
    output(linesForPeople, { printBody: true }).webhook(webhook, answer);
    expect(lines.join('\n')).toContain('"workflow": "demo"');
    expect(lines.join('\n')).toContain('saved\uFFFD[2J');
  });

  it('tells a session that went on from a new one', () => {
    const people = output(linesForPeople);
    people.welcome(welcome);
    people.welcome({ ...welcome, resumed: true });
    people.welcome({ ...welcome, session: 'lsn_2' });
    expect(lines[2]).toContain('Connected again');
    expect(lines[3]).toContain('this is a new one');
  });
});

describe('what programs read of a listener', () => {
  it('is an object a line', () => {
    const json = output(linesOfJson);
    json.welcome(welcome);
    json.webhook(webhook, answer);
    json.webhook(webhook, failure);
    json.lost('the server restarts', 500);
    json.ended();
    const told = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const of = { type: 'task.completed', workflow: 'demo', channel_id: 'c1', delivery_id: 'dlv_1', attempt: 2 };
    expect(told).toMatchObject([
      { event: 'listening', at: noon().toISOString(), session: 'lsn_1', secret: 'whsec_made', resumed: false },
      { event: 'webhook', ...of, status: 201, duration_ms: 7 },
      { event: 'webhook', ...of, code: 'connection_refused', duration_ms: 1 },
      { event: 'lost', reason: 'the server restarts', again_in_ms: 500 },
      { event: 'ended' },
    ]);
    expect(told[1]).not.toHaveProperty('body');
  });

  it('has bodies when they are wanted', () => {
    output(linesOfJson, { printBody: true }).webhook(webhook, answer);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ body: webhook.body, response_body: 'saved\u001b[2J' });
  });
});
